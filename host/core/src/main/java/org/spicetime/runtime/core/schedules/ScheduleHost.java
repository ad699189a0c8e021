// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.task.Now;

/** The domain that schedules release their tasks in. Thread-safe. */
public interface ScheduleHost {

    /** The domain. */
    DomainId domain();

    /** The present. */
    Now now();

    /** Whether the domain takes in tasks now. */
    boolean admits();

    /**
     * Refuses what no release of this request could be admitted for: unknown handler, wrong
     * payload, priority out of range.
     *
     * @throws org.spicetime.runtime.api.error.RefusedException what is wrong
     */
    void check(TaskRequest request);

    /**
     * Refuses a schedule unless the deadlines of all schedules are guaranteed with it, if the
     * domain wants that. Takes a while; no lock is held.
     *
     * @param schedule the one that is to be created or changed
     * @param all what each schedule asks for, that one included
     * @throws org.spicetime.runtime.api.error.RefusedException which bound fails
     */
    void guarantee(UUID schedule, Map<UUID, ScheduleRequest> all);

    /**
     * What the schedules ask for is not what it was. No lock is held.
     *
     * @param all what each schedule asks for now
     */
    void changed(Supplier<Map<UUID, ScheduleRequest>> all);

    /**
     * A release that is being admitted. Immutable.
     *
     * @param id its id
     * @param task it, when its admission holds; exceptionally if it does not
     */
    record Admitted(TaskId id, CompletionStage<Task> task) {}

    /**
     * Admits a release, together with what its schedule remembers of it: both hold or none.
     *
     * @param advanced what that is, of the task with this id
     * @throws org.spicetime.runtime.api.error.RefusedException it was not admitted
     */
    Admitted admit(
            TaskRequest request,
            TaskRelease release,
            Duration period,
            Function<TaskId, ScheduleEvent> advanced);

    /** Whether a task has not ended; one that is no longer known has, one being admitted not. */
    boolean unfinished(TaskId task);

    /** Whether a task waits for the end of another one, or is still being admitted. */
    boolean waits(TaskId task);

    /**
     * Cancels a task, if it has not ended.
     *
     * @return false: it cannot be cancelled yet, its admission is not stored
     */
    boolean cancel(TaskId task, String reason);

    /**
     * Writes a change by somebody and waits until it holds.
     *
     * @throws org.spicetime.runtime.api.error.RefusedException it does not hold
     */
    void write(ScheduleEvent event);

    /** Hands a release to the store, without waiting. */
    void append(ScheduleEvent event);

    /** {@link Schedules#nextNanos} is this now. */
    void rearm(long nanos);
}
