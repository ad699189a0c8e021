// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Restored;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** Stored tasks as they were admitted. Thread-safe. */
final class StoredAdmissions {

    private static final Logger LOG = LoggerFactory.getLogger(StoredAdmissions.class);

    private final DomainBody body;
    private final Function<java.util.UUID, Optional<Schedule>> schedules;

    StoredAdmissions(DomainBody body, Function<java.util.UUID, Optional<Schedule>> schedules) {
        this.body = body;
        this.schedules = schedules;
    }

    /**
     * As it was admitted.
     *
     * @param others state of a task it depends on; null: it is of this domain, or kept nowhere
     */
    Restored restored(TaskRecord record, Function<TaskId, @Nullable ForeignTask> others) {
        Task task = record.task();
        Map<TaskId, ForeignTask> states = new HashMap<>();
        for (TaskDependency edge : task.dependencies()) {
            ForeignTask state = matters(edge) ? others.apply(edge.task()) : null;
            if (state != null) {
                states.put(edge.task(), state);
            }
        }
        return new Restored(
                record,
                new Admission(
                                task.id(),
                                task.request(),
                                task.handler(),
                                states,
                                task.release(),
                                period(task.release()))
                        .withLocks(locks(task)));
    }

    /** Whether anything is still to be known of a task that was waited for. */
    static boolean matters(TaskDependency edge) {
        return !edge.satisfied() || edge.type() == DependencyType.DATA;
    }

    /** A stored task as those see it that depend on it. */
    static ForeignTask state(TaskRecord record) {
        Task task = record.task();
        return new ForeignTask(task.domain(), task.phase(), task.attempt() > 0, task.result());
    }

    private long period(@Nullable TaskRelease release) {
        return release != null
                        && schedules
                                        .apply(release.schedule())
                                        .map(Schedule::recurrence)
                                        .orElse(null)
                                instanceof Recurrence.FixedRate rate
                ? rate.period().toNanos()
                : TaskEntry.NEVER;
    }

    private Set<String> locks(Task task) {
        try {
            return body.node.deployed().handlerOf(task.request()).descriptor().locks();
        } catch (RefusedException notThereYet) {
            LOG.debug("task={}: its handler is not there yet", task.id(), notThereYet);
            return Set.of();
        }
    }
}
