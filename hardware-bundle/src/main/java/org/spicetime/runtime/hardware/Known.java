// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns OSHI's signs for "unknown" (0 where nothing real is 0, negative numbers, NaN, "unknown")
 * into absent values. Thread-safe.
 */
final class Known {

    private Known() {}

    static OptionalLong positive(long value) {
        return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    static OptionalInt positive(int value) {
        return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
    }

    static OptionalLong count(long value) {
        return value >= 0 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    static OptionalDouble ratio(double value) {
        return value >= 0 && value <= 1.000_001
                ? OptionalDouble.of(Math.min(1, value))
                : OptionalDouble.empty();
    }

    static OptionalDouble notNegative(double value) {
        return value >= 0 && Double.isFinite(value)
                ? OptionalDouble.of(value)
                : OptionalDouble.empty();
    }

    /** No sensor reads exactly 0.0, and none that works reads beyond these. */
    static OptionalDouble celsius(double value) {
        return value > 0 && value < 200 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    static Optional<String> text(@Nullable String value) {
        return value == null || value.isBlank() || value.strip().equalsIgnoreCase("unknown")
                ? Optional.empty()
                : Optional.of(value.strip());
    }

    /** Growth per second; absent when the counter was reset or no time has passed. */
    static OptionalDouble rate(long before, long now, long elapsedNanos) {
        return elapsedNanos > 0 && before >= 0 && now >= before
                ? OptionalDouble.of((now - before) * 1e9 / elapsedNanos)
                : OptionalDouble.empty();
    }
}
