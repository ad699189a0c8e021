// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Instants whole periods apart. Immutable. */
record FixedRhythm(Duration period) implements Rhythm {

    @Override
    public @Nullable Instant first(Instant start, Instant now) {
        return plus(start, before(start, now));
    }

    @Override
    public long before(Instant start, Instant now) {
        if (!start.isBefore(now)) return 0;
        long whole = Duration.between(start, now).dividedBy(period);
        return start.plus(period.multipliedBy(whole)).isBefore(now) ? whole + 1 : whole;
    }

    @Override
    public long count(Instant instant, Instant until) {
        return instant.isAfter(until) ? 0 : Duration.between(instant, until).dividedBy(period) + 1;
    }

    @Override
    public @Nullable Instant plus(Instant instant, long later) {
        try {
            return instant.plus(period.multipliedBy(later));
        } catch (DateTimeException | ArithmeticException endOfCalendar) {
            return null;
        }
    }

    @Override
    public Duration shortest() {
        return period;
    }
}
