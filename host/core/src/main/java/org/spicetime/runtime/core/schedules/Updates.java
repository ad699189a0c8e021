// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.core.recurrence.Rhythm;

/** What an update makes of a schedule. Used under the lock of the {@link Schedules}. */
final class Updates {

    private Updates() {}

    static void apply(LiveSchedule schedule, ScheduleUpdate update, Instant now) {
        ScheduleRequest former = schedule.request;
        schedule.request = changed(former, update);
        Recurrence recurrence = schedule.request.recurrence();
        if (recurrence.equals(former.recurrence())
                && schedule.request.task().equals(former.task())
                && update.startAt() == null) {
            return;
        }
        Rhythm rhythm = Rhythms.of(schedule.request);
        if (update.startAt() != null) {
            begin(schedule, update.startAt(), rhythm, now);
        } else if (!recurrence.equals(former.recurrence())) {
            begin(schedule, start(schedule, former, now), rhythm, now);
        }
    }

    /* Another period counts from the last release; anything else begins now, if it has begun. */
    private static Instant start(LiveSchedule schedule, ScheduleRequest former, Instant now) {
        Instant next = schedule.beat.next();
        boolean begun = schedule.beat.number() > 1;
        if (begun
                && next != null
                && former.recurrence() instanceof Recurrence.FixedRate before
                && schedule.request.recurrence() instanceof Recurrence.FixedRate after) {
            Instant due = next.minus(before.period()).plus(after.period());
            return due.isBefore(now) ? now : due;
        }
        return begun && schedule.startAt.isBefore(now) ? now : schedule.startAt;
    }

    private static ScheduleRequest changed(ScheduleRequest former, ScheduleUpdate update) {
        Recurrence recurrence = recurrence(former.recurrence(), update);
        try {
            return new ScheduleRequest(
                    or(update.name(), former.name()),
                    or(update.task(), former.task()),
                    recurrence,
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

    private static Recurrence recurrence(Recurrence former, ScheduleUpdate update) {
        if (update.period() != null) return Recurrence.every(update.period());
        if (update.cron() == null && update.zone() == null) return former;
        return switch (former) {
            case Recurrence.Cron cron ->
                    Recurrence.cron(
                            or(update.cron(), cron.expression()), or(update.zone(), cron.zone()));
            case Recurrence.FixedRate rate -> {
                if (update.cron() == null) {
                    throw RefusedException.badInput(
                            "zone",
                            "belongs to a cron expression, and the schedule has a fixed rate; give cron as well");
                }
                yield Recurrence.cron(update.cron(), or(update.zone(), ZoneOffset.UTC));
            }
        };
    }

    /** Whether a schedule is what it was. */
    static boolean changeNothing(LiveSchedule before, LiveSchedule after) {
        return before.request.equals(after.request)
                && before.paused == after.paused
                && before.startAt.equals(after.startAt);
    }

    /** Whether a schedule needs more processor time, earlier, or at another rank than before. */
    static boolean asksForMore(LiveSchedule before, LiveSchedule after) {
        ScheduleRequest former = before.request;
        ScheduleRequest next = after.request;
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
                || after.beat.rhythm().shortest().compareTo(before.beat.rhythm().shortest()) < 0
                || !next.task().priority().equals(former.task().priority());
    }

    /* Numbers go on, so that none is given twice. */
    private static void begin(LiveSchedule schedule, Instant start, Rhythm rhythm, Instant now) {
        schedule.startAt = start;
        schedule.beat = Beat.from(start, schedule.beat.number(), rhythm, now);
        Rhythms.checkReleases(schedule);
    }

    private static <T> T or(@Nullable T changed, T former) {
        return Objects.requireNonNullElse(changed, former);
    }
}
