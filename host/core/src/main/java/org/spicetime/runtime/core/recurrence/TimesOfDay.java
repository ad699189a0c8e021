// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import com.cronutils.model.Cron;
import com.cronutils.model.field.CronField;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.time.generator.FieldValueGeneratorFactory;
import java.time.Duration;
import java.util.Arrays;

/**
 * The times of day that a cron expression names, in order and numbered from 0. Times are seconds
 * since midnight. Immutable.
 */
final class TimesOfDay {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private final int[] hours;
    private final int[] minutes;
    private final int[] seconds;

    private TimesOfDay(int[] hours, int[] minutes, int[] seconds) {
        this.hours = hours;
        this.minutes = minutes;
        this.seconds = seconds;
    }

    static TimesOfDay of(Cron cron) {
        return new TimesOfDay(
                values(cron, CronFieldName.HOUR, 23),
                values(cron, CronFieldName.MINUTE, 59),
                values(cron, CronFieldName.SECOND, 59));
    }

    private static int[] values(Cron cron, CronFieldName name, int last) {
        CronField field = cron.retrieve(name);
        return FieldValueGeneratorFactory.forCronField(field).generateCandidates(0, last).stream()
                .mapToInt(Integer::intValue)
                .filter(value -> value >= 0 && value <= last)
                .sorted()
                .distinct()
                .toArray();
    }

    int size() {
        return hours.length * minutes.length * seconds.length;
    }

    /** Whether every hour is named. */
    boolean everyHour() {
        return hours.length == 24;
    }

    /** How many are before this time, 0 to 86400. */
    int before(int time) {
        if (time >= DAY) return size();
        int hour = position(hours, time / HOUR);
        if (hour < 0) return ~hour * minutes.length * seconds.length;
        int minute = position(minutes, time % HOUR / MINUTE);
        if (minute < 0) return (hour * minutes.length + ~minute) * seconds.length;
        int second = position(seconds, time % MINUTE);
        return (hour * minutes.length + minute) * seconds.length + (second < 0 ? ~second : second);
    }

    private static int position(int[] values, int value) {
        return Arrays.binarySearch(values, value);
    }

    /** The time of a number. */
    int at(int number) {
        int second = seconds[number % seconds.length];
        int rest = number / seconds.length;
        return hours[rest / minutes.length] * HOUR
                + minutes[rest % minutes.length] * MINUTE
                + second;
    }

    /** The shortest time between two of them, over midnight too. */
    Duration shortest() {
        int shortest = at(0) + DAY - at(size() - 1);
        for (int i = 1; i < size() && shortest > 1; i++) {
            shortest = Math.min(shortest, at(i) - at(i - 1));
        }
        return Duration.ofSeconds(shortest);
    }
}
