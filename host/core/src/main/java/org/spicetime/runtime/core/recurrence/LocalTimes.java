// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import com.cronutils.model.Cron;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/**
 * What a cron expression names, on a clock that is never changed. Days are looked up, times of day
 * are counted, so that a year that was missed takes a few hundred steps also when every second is
 * named. Thread-safe.
 */
final class LocalTimes {

    /* Null: every day. */
    private final @Nullable DaysOfYears days;
    private final TimesOfDay times;

    private LocalTimes(@Nullable DaysOfYears days, TimesOfDay times) {
        this.days = days;
        this.times = times;
    }

    static LocalTimes of(Cron cron) {
        return new LocalTimes(DaysOfYears.of(cron), TimesOfDay.of(cron));
    }

    /** The same times on every day. */
    LocalTimes everyDay() {
        return new LocalTimes(null, times);
    }

    TimesOfDay times() {
        return times;
    }

    /** The first that is not before; null: none within five years. */
    @Nullable LocalDateTime next(LocalDateTime from) {
        return next(from, 0);
    }

    /** The one so many after the first that is not before; null: no more within five years. */
    @Nullable LocalDateTime next(LocalDateTime from, long later) {
        int passed = times.before(second(from));
        long left = later + passed;
        LocalDate day = day(from.toLocalDate());
        if (day == null) return null;
        if (!day.equals(from.toLocalDate())) left -= passed;
        while (left >= times.size()) {
            left -= times.size();
            day = day(day.plusDays(1));
            if (day == null) return null;
        }
        return day.atTime(LocalTime.ofSecondOfDay(times.at((int) left)));
    }

    /** How many there are from {@code from} on and before {@code until}. */
    long count(LocalDateTime from, LocalDateTime until) {
        if (!from.isBefore(until)) return 0;
        long count = 0;
        LocalDate last = until.toLocalDate();
        LocalDate day = day(from.toLocalDate());
        while (day != null && !day.isAfter(last)) {
            count += day.equals(last) ? times.before(second(until)) : times.size();
            if (day.equals(from.toLocalDate())) count -= times.before(second(from));
            day = day(day.plusDays(1));
        }
        return count;
    }

    /* Whole seconds are named: one that has begun is over. */
    private static int second(LocalDateTime time) {
        return (int) Math.ceilDiv(time.toLocalTime().toNanoOfDay(), 1_000_000_000L);
    }

    private @Nullable LocalDate day(LocalDate from) {
        return days == null ? from : days.from(from);
    }
}
