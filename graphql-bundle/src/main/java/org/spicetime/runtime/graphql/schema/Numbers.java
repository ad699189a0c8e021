// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Spans and counts in the numbers of the schema; what does not fit is saturated. Thread-safe. */
final class Numbers {
    private Numbers() {}

    static int saturated(long value) {
        return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** Milliseconds, rounded towards zero. */
    static int millis(Duration span) {
        return saturated(wide(span));
    }

    private static long wide(Duration span) {
        try {
            return span.toMillis();
        } catch (ArithmeticException tooLong) {
            return span.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /** Milliseconds, a fraction rounded up. */
    static int millisUp(Duration span) {
        return millis(span.plusNanos(999_999));
    }

    /** Microseconds. */
    static int micros(Duration span) {
        if (span.toSeconds() > Integer.MAX_VALUE) return Integer.MAX_VALUE;
        return saturated(span.toNanos() / 1000);
    }

    /** Nanoseconds as whole milliseconds. */
    static int nanosToMillis(long nanos) {
        return saturated(nanos / 1_000_000);
    }

    static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }

    static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    static @Nullable Integer narrow(OptionalLong value) {
        return value.isPresent() ? (Integer) saturated(value.getAsLong()) : null;
    }

    static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? (Integer) value.getAsInt() : null;
    }
}
