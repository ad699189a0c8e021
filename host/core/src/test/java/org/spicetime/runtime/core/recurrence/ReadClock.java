// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a clock minute by minute and compares it with five fields of numbers, lists, ranges and
 * steps: an oracle that shares nothing with the library.
 */
final class ReadClock {

    private final Set<Integer> minutes;
    private final Set<Integer> hours;
    private final Set<Integer> days;
    private final Set<Integer> months;
    private final Set<Integer> weekdays;
    private final boolean lastDay;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final ZoneRules rules;

    ReadClock(String expression, ZoneId zone) {
        String[] fields = expression.split(" ");
        minutes = values(fields[0], 0, 59);
        hours = values(fields[1], 0, 23);
        lastDay = fields[2].equals("L");
        anyDay = fields[2].equals("*");
        days = lastDay ? Set.of() : values(fields[2], 1, 31);
        months = values(fields[3], 1, 12);
        anyWeekday = fields[4].equals("*");
        weekdays = values(fields[4], 0, 7);
        rules = zone.getRules();
    }

    private static Set<Integer> values(String field, int low, int high) {
        Set<Integer> values = new HashSet<>();
        for (String item : field.split(",")) {
            String[] stepped = item.split("/");
            String[] range = stepped[0].split("-");
            int first = stepped[0].equals("*") ? low : Integer.parseInt(range[0]);
            int last = range.length == 2 ? Integer.parseInt(range[1]) : first;
            if (stepped[0].equals("*") || stepped.length == 2 && range.length == 1) last = high;
            int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
            for (int value = first; value <= last; value += step) values.add(value);
        }
        return values;
    }

    List<Instant> between(Instant from, Instant until) {
        List<Instant> found = new ArrayList<>();
        for (Instant i = from; i.isBefore(until); i = i.plus(Duration.ofMinutes(1))) {
            if (releases(i)) found.add(i);
        }
        return found;
    }

    private boolean releases(Instant instant) {
        LocalDateTime shown = LocalDateTime.ofInstant(instant, rules.getOffset(instant));
        if (hours.size() == 24) return names(shown);
        ZoneOffsetTransition last = rules.previousTransition(instant.plusNanos(1));
        if (last != null && last.isOverlap() && shown.isBefore(last.getDateTimeBefore())) {
            return false;
        }
        boolean leftOut = false;
        if (last != null && last.isGap() && last.getInstant().equals(instant)) {
            LocalDateTime time = last.getDateTimeBefore();
            while (time.isBefore(last.getDateTimeAfter())) {
                leftOut |= names(time);
                time = time.plusMinutes(1);
            }
        }
        return leftOut || names(shown);
    }

    private boolean names(LocalDateTime time) {
        if (!minutes.contains(time.getMinute()) || !hours.contains(time.getHour())) return false;
        if (!months.contains(time.getMonthValue())) return false;
        int day = time.getDayOfMonth();
        boolean date = lastDay ? day == time.toLocalDate().lengthOfMonth() : days.contains(day);
        int iso = time.getDayOfWeek().getValue();
        boolean weekday = weekdays.contains(iso) || iso == 7 && weekdays.contains(0);
        return anyDay || anyWeekday ? (anyDay || date) && (anyWeekday || weekday) : date || weekday;
    }
}
