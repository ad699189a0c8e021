// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.recovery.InFlightFile;

/**
 * Takes out of circulation what kills the host: a task that was in the hands of its handler each
 * time the last processes died, without an outcome in between. It fails, or waits for an operator
 * if it asked for that. Used by one thread.
 */
final class PoisonTasks {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonTasks.class);
    private static final String HOST = "host";

    /** Deaths in a row after which a task is not run again. */
    static final int MOST_DEATHS = 3;

    private final @Nullable InFlightFile inFlight;
    private final Map<TaskId, Integer> suspects;

    /**
     * Looks at what the last process left.
     *
     * @param inFlight null: nothing is remembered
     */
    PoisonTasks(@Nullable InFlightFile inFlight) {
        this.inFlight = inFlight;
        suspects = inFlight == null ? Map.of() : inFlight.suspects();
        if (!suspects.isEmpty()) {
            LOG.warn(
                    "tasks that were in the hands of their handlers when the host died, and how often"
                            + " in a row: {}",
                    suspects);
        }
    }

    /**
     * What is to be taken up of a stored task.
     *
     * @return empty: it has failed
     */
    Optional<TaskRecord> judge(DomainBody body, TaskRecord record) {
        Task task = record.task();
        int deaths = suspects.getOrDefault(task.id(), 0);
        if (deaths < MOST_DEATHS || inFlight == null) {
            return Optional.of(record);
        }
        Instant now = body.node.clock().instants().instant();
        boolean asks = task.request().onCrash() == CrashPolicy.ASK;
        LOG.error(
                "domain={} task={} handler={}: the host died {} times in a row while it ran; it {}",
                body.id(),
                task.id(),
                task.handler(),
                deaths,
                asks ? "is suspended" : "has failed");
        if (task.phase() != TaskPhase.SUSPENDED || !asks) {
            body.journal.write(
                    List.<StoreEvent>of(
                            asks
                                    ? new TaskEvent.Suspended(task.id(), now, HOST)
                                    : failed(task, deaths, now)));
        }
        inFlight.acquit(task.id());
        return asks ? body.node.store().load(task.id()) : Optional.empty();
    }

    private static TaskEvent.Failed failed(Task task, int deaths, Instant now) {
        return new TaskEvent.Failed(
                task.id(),
                now,
                null,
                new RuntimeError(
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        "task "
                                + task.id()
                                + " is not run again: its host died "
                                + deaths
                                + " times in a row while it ran",
                        task.domain().value(),
                        task.id(),
                        Map.of("reason", "LOST_BY_CRASH", "poison", true, "deaths", deaths)),
                new Ending(task.metrics(), List.of(new Transition(now, TaskPhase.FAILED, HOST))));
    }
}
