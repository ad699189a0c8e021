// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;

/** What an update makes of a schedule. Used under the lock of the {@link Schedules}. */
final class Updates {

    private Updates() {}

    static void apply(LiveSchedule schedule, ScheduleUpdate update, Instant now) {
        ScheduleRequest former = schedule.request;
        schedule.request =
                new ScheduleRequest(
                        or(update.name(), former.name()),
                        or(update.task(), former.task()),
                        or(update.period(), former.period()),
                        former.startAt(),
                        or(update.overlap(), former.overlap()),
                        or(update.misfire(), former.misfire()),
                        update.relativeDeadline() == null
                                ? former.relativeDeadline()
                                : update.relativeDeadline(),
                        former.paused());
        Duration period = schedule.request.period();
        if (update.startAt() != null) {
            begin(schedule, update.startAt(), period, now);
        } else if (!period.equals(former.period())) {
            Instant next = schedule.beat.next();
            if (schedule.beat.number() > 1 && next != null) {
                Instant after = next.minus(former.period()).plus(period);
                begin(schedule, after.isBefore(now) ? now : after, period, now);
            } else {
                begin(schedule, schedule.startAt, period, now);
            }
        }
    }

    /* Numbers go on, so that none is given twice. */
    private static void begin(LiveSchedule schedule, Instant start, Duration period, Instant now) {
        schedule.startAt = start;
        schedule.beat = Beat.from(start, schedule.beat.number(), period, now);
    }

    private static <T> T or(@Nullable T changed, T former) {
        return Objects.requireNonNullElse(changed, former);
    }
}
