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
 * @param task what each release is; without deadline, relativeDeadline, runAt, period, dependencies
 *     and idempotencyKey
 * @param period time between releases, {@link TaskRequest#MIN_PERIOD} to {@link
 *     TaskRequest#MAX_PERIOD}, and not shorter than the expected run time of the task
 * @param startAt the first release, also in the past (what lies there is left out); null: at once
 * @param overlap what follows when the release before has not finished
 * @param misfire what follows when releases were missed
 * @param relativeDeadline deadline of each task after its release; null: none
 * @param paused whether to create it paused
 */
public record ScheduleRequest(
        String name,
        TaskRequest task,
        Duration period,
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
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(misfire, "misfire");
        ScheduleChecks.name(name);
        ScheduleChecks.period(period, task);
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
                name, task, period, null, OverlapPolicy.SKIP, MisfirePolicy.RUN_ONCE, null, false);
    }
}
