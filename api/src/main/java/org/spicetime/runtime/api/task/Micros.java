// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The precision of what is asked for, which is that of stores. Thread-safe. */
final class Micros {

    private static final int NANOS = 1000;

    private Micros() {}

    static @Nullable Instant cut(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
    }

    /* Up, so that what is positive stays positive. */
    static Duration up(Duration span) {
        int rest = span.getNano() % NANOS;
        if (rest == 0) return span;
        return span.getSeconds() == Long.MAX_VALUE
                ? span.minusNanos(rest)
                : span.plusNanos(NANOS - rest);
    }

    static @Nullable Duration upOrNull(@Nullable Duration span) {
        return span == null ? null : up(span);
    }
}
