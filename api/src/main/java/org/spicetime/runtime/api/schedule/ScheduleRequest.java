// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * A schedule asked for; its owner is the owner of the task. Only the shape is checked here.
 * Immutable.
 *
 * @param name unique in the domain, 1 to 256 characters
 * @param task what each release is, in microseconds; without deadline, relativeDeadline, runAt,
 *     period, dependencies and idempotencyKey
 * @param recurrence when it releases; never sooner after the release before than the expected run
 *     time of the task
 * @param startAt at a fixed rate the first release, also in the past (what lies there is left out);
 *     by a cron expression nothing is released before it; null: now
 * @param overlap what follows when the release before has not finished
 * @param misfire what follows when releases were missed
 * @param relativeDeadline deadline of each task after its release; null: none
 * @param paused whether to create it paused
 */
public record ScheduleRequest(
        String name,
        TaskRequest task,
        Recurrence recurrence,
        @Nullable Instant startAt,
        OverlapPolicy overlap,
        MisfirePolicy misfire,
        @Nullable Duration relativeDeadline,
        boolean paused) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if a part is malformed; the message names it, its value and
     *     its range
     */
    public ScheduleRequest {
        Objects.requireNonNull(name, "name");
        task = Objects.requireNonNull(task, "task").inMicroseconds();
        Objects.requireNonNull(recurrence, "recurrence");
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(misfire, "misfire");
        ScheduleChecks.name(name);
        ScheduleChecks.recurrence(recurrence, task);
        ScheduleChecks.startAt(startAt);
        ScheduleChecks.relativeDeadline(relativeDeadline);
        ScheduleChecks.task(task);
    }

    /**
     * With the defaults: from now on, SKIP on overlap, RUN_ONCE after misfires, no deadline.
     *
     * @param name unique in the domain
     * @param task what each release is
     * @param period time between releases
     * @return the request
     */
    public static ScheduleRequest of(String name, TaskRequest task, Duration period) {
        return new ScheduleRequest(
                name,
                task,
                Recurrence.every(period),
                null,
                OverlapPolicy.SKIP,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }
}
