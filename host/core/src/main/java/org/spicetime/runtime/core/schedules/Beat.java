// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.core.recurrence.Rhythm;

/**
 * The instants of a schedule, numbered from 1. Immutable.
 *
 * @param next the next instant; null: there is none any more
 * @param number of that instant
 * @param rhythm its instants
 */
record Beat(@Nullable Instant next, long number, Rhythm rhythm) {

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
    static Beat from(Instant start, long number, Rhythm rhythm, Instant now) {
        return new Beat(rhythm.first(start, now), number + rhythm.before(start, now), rhythm);
    }

    /** A beat as it was; its next instant is one of its rhythm, also if the zone has new rules. */
    static Beat goesOn(@Nullable Instant next, long number, Rhythm rhythm) {
        return new Beat(next == null ? null : rhythm.first(next, next), number, rhythm);
    }

    /** How many instants have come, this instant included. */
    long due(Instant now) {
        return next == null || next.isAfter(now) ? 0 : rhythm.count(next, now);
    }

    /** Which of the instants that have come are released for. */
    Due due(Instant now, MisfirePolicy misfire) {
        long due = due(now);
        Instant first = next;
        if (due == 0 || first == null) return Due.NOTHING;
        return switch (misfire) {
            case SKIP -> {
                Instant newest = rhythm.plus(first, due - 1);
                boolean late = newest == null || newest.plus(LATE).isBefore(now);
                yield late ? new Due(due, 0) : new Due(due - 1, 1);
            }
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
        return new Beat(rhythm.plus(next, instants), number + instants, rhythm);
    }
}
