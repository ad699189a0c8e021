// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One instant on both clocks of a domain. Immutable.
 *
 * @param nanos monotonic
 * @param instant UTC
 */
public record Now(long nanos, Instant instant) {
    public Now {
        Objects.requireNonNull(instant, "instant");
    }

    /**
     * Where a UTC instant lies on the monotonic clock, if UTC goes on as it does now; saturates.
     */
    public long nanosOf(Instant utc) {
        return saturatedSum(nanos, saturatedNanos(Duration.between(instant, utc)));
    }

    /** The instant after this span on the monotonic clock; saturates. */
    public long nanosAfter(Duration span) {
        return saturatedSum(nanos, saturatedNanos(span));
    }

    /** When, in UTC, something happened that the monotonic clock dates. */
    public Instant instantOf(long earlierNanos) {
        return instant.plusNanos(earlierNanos - nanos);
    }

    /** Nanoseconds of a span; saturates. */
    public static long saturatedNanos(Duration span) {
        try {
            return span.toNanos();
        } catch (ArithmeticException tooLong) {
            return span.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static long saturatedSum(long left, long right) {
        long sum = left + right;
        if (((left ^ sum) & (right ^ sum)) >= 0) return sum;
        return left < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
