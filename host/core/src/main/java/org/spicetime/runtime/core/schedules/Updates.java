// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;

/** What an update makes of a schedule. Used under the lock of the {@link Schedules}. */
final class Updates {

    private Updates() {}

    static void apply(LiveSchedule schedule, ScheduleUpdate update, Instant now) {
        ScheduleRequest former = schedule.request;
        schedule.request = changed(former, update);
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

    private static ScheduleRequest changed(ScheduleRequest former, ScheduleUpdate update) {
        try {
            return new ScheduleRequest(
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
        } catch (IllegalArgumentException contradictory) {
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT,
                    String.valueOf(contradictory.getMessage()),
                    Map.of("field", "period"));
        }
    }

    /** Whether a schedule needs more processor time, earlier, or at another rank than before. */
    static boolean asksForMore(ScheduleRequest former, ScheduleRequest next) {
        Duration formerRun = former.task().estimatedDuration();
        Duration run = next.task().estimatedDuration();
        Duration formerDeadline = former.relativeDeadline();
        Duration deadline = next.relativeDeadline();
        boolean longer =
                formerRun != null && (run == null || run.compareTo(formerRun) > 0)
                        || formerRun == null && run != null;
        boolean sooner =
                deadline != null
                        && (formerDeadline == null || deadline.compareTo(formerDeadline) < 0);
        return longer
                || sooner
                || next.period().compareTo(former.period()) < 0
                || !next.task().priority().equals(former.task().priority());
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
