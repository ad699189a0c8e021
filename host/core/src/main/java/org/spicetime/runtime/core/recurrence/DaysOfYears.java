// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import com.cronutils.model.Cron;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.time.ExecutionTime;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The days that a cron expression names; the library is asked once for each year. Thread-safe. */
final class DaysOfYears {

    /** A day is looked for within this many years; Monday the 29th of February comes every 28. */
    static final int HORIZON_YEARS = 5;

    /* Years are asked for in order: those looked at long ago are dropped together. */
    private static final int MOST_YEARS = 32;

    private final ExecutionTime times;
    private final Map<Integer, BitSet> years = new ConcurrentHashMap<>();

    private DaysOfYears(ExecutionTime times) {
        this.times = times;
    }

    /** Null: every day. */
    static @Nullable DaysOfYears of(Cron cron) {
        return any(cron, CronFieldName.DAY_OF_MONTH)
                        && any(cron, CronFieldName.MONTH)
                        && any(cron, CronFieldName.DAY_OF_WEEK)
                ? null
                : new DaysOfYears(ExecutionTime.forCron(cron));
    }

    private static boolean any(Cron cron, CronFieldName name) {
        return cron.retrieve(name).getExpression() instanceof Always;
    }

    /** The first day that is not before; null: none within five years. */
    @Nullable LocalDate from(LocalDate from) {
        int day = year(from.getYear()).nextSetBit(from.getDayOfYear());
        if (day > 0) return from.withDayOfYear(day);
        for (int year = from.getYear() + 1; year <= from.getYear() + HORIZON_YEARS; year++) {
            day = year(year).nextSetBit(1);
            if (day > 0) return LocalDate.ofYearDay(year, day);
        }
        return null;
    }

    private BitSet year(int year) {
        BitSet known = years.get(year);
        if (known != null) return known;
        BitSet days = new BitSet();
        LocalDate first = LocalDate.ofYearDay(year, 1);
        ZonedDateTime asked = first.atStartOfDay(ZoneOffset.UTC).minusSeconds(1);
        ZonedDateTime found = times.nextExecution(asked).orElse(null);
        while (found != null && found.getYear() == year) {
            days.set(found.getDayOfYear());
            ZonedDateTime midnight =
                    found.toLocalDate().plusDays(1).atStartOfDay(ZoneOffset.UTC).minusSeconds(1);
            found = times.nextExecution(midnight).orElse(null);
        }
        if (years.size() >= MOST_YEARS) years.clear();
        years.put(year, days);
        return days;
    }
}
