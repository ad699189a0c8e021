// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Changes to a schedule, from the next release on; null keeps the present value. Only the shape is
 * checked here. Immutable.
 *
 * @param name unique in the domain
 * @param task what each release is; replaces the former one as a whole
 * @param period time between releases, ends a cron expression; without {@code startAt} the next
 *     release comes one period after the last one, or at once if that has passed
 * @param cron five fields, or six with seconds first; ends a fixed rate. Not together with {@code
 *     period}
 * @param zone time zone of the cron expression; without one before, UTC
 * @param startAt the next release, from which periods count; with a cron expression nothing is
 *     released before it
 * @param overlap what follows when the release before has not finished
 * @param misfire what follows when releases were missed
 * @param relativeDeadline deadline of each task after its release
 * @param changedBy who asks; not blank
 */
public record ScheduleUpdate(
        @Nullable String name,
        @Nullable TaskRequest task,
        @Nullable Duration period,
        @Nullable String cron,
        @Nullable ZoneId zone,
        @Nullable Instant startAt,
        @Nullable OverlapPolicy overlap,
        @Nullable MisfirePolicy misfire,
        @Nullable Duration relativeDeadline,
        String changedBy) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if a part is malformed; the message names it, its value and
     *     its range
     */
    public ScheduleUpdate {
        Objects.requireNonNull(changedBy, "changedBy");
        if (changedBy.isBlank()) throw new IllegalArgumentException("changedBy must not be blank");
        if (name != null) ScheduleChecks.name(name);
        if (period != null) ScheduleChecks.period(period);
        if (cron != null) ScheduleChecks.cron(cron);
        if (period != null && (cron != null || zone != null))
            throw new IllegalArgumentException(
                    "period must be left out where cron or zone is given: a schedule has a fixed"
                            + " rate or a cron expression");
        ScheduleChecks.startAt(startAt);
        ScheduleChecks.relativeDeadline(relativeDeadline);
        if (task != null) ScheduleChecks.task(task);
    }
}
