// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.Schedule;

/**
 * The instants of a schedule at a fixed rate, numbered from 1. Immutable.
 *
 * @param next the next instant; null: there is none any more
 * @param number of that instant
 * @param period between instants
 */
record Beat(@Nullable Instant next, long number, Duration period) {

    /** A release that is late by more than this was missed. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /**
     * What is due.
     *
     * @param left instants that are left out before the first release
     * @param releases instants to release for, one after the other
     */
    record Due(long left, long releases) {
        static final Due NOTHING = new Due(0, 0);
    }

    /** The beat that begins at this instant, or where it would be now had it begun then. */
    static Beat from(Instant start, long number, Duration period, Instant now) {
        return new Beat(start, number, period).skip(countBefore(start, period, now));
    }

    /* Instants that lie before now. */
    private static long countBefore(Instant first, Duration period, Instant now) {
        if (!first.isBefore(now)) return 0;
        long whole = Duration.between(first, now).dividedBy(period);
        return first.plus(period.multipliedBy(whole)).isBefore(now) ? whole + 1 : whole;
    }

    /** How many instants have come, this instant included. */
    long due(Instant now) {
        if (next == null || next.isAfter(now)) return 0;
        return Duration.between(next, now).dividedBy(period) + 1;
    }

    /** Which of the instants that have come are released for. */
    Due due(Instant now, MisfirePolicy misfire) {
        long due = due(now);
        Instant first = next;
        if (due == 0 || first == null) return Due.NOTHING;
        Instant newest = first.plus(period.multipliedBy(due - 1));
        boolean late = newest.plus(LATE).isBefore(now);
        return switch (misfire) {
            case SKIP -> late ? new Due(due, 0) : new Due(due - 1, 1);
            case RUN_ONCE -> new Due(due - 1, 1);
            case RUN_ALL -> {
                long made = Math.min(due, Schedule.MAX_MADE_UP);
                yield new Due(due - made, made);
            }
        };
    }

    /** So many instants later. */
    Beat skip(long instants) {
        if (next == null || instants == 0) return this;
        return new Beat(plus(next, period, instants), number + instants, period);
    }

    private static @Nullable Instant plus(Instant instant, Duration period, long times) {
        try {
            return instant.plus(period.multipliedBy(times));
        } catch (DateTimeException | ArithmeticException endOfCalendar) {
            return null;
        }
    }
}
