// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.spicetime.runtime.api.domain.LatencySummary;

/**
 * How long events waited until they were durable, over the last minute, in six parts of ten
 * seconds. Three digits of milliseconds. Thread-safe.
 */
final class CommitLatency {

    private static final int PARTS = 6;
    private static final long PART_NANOS = 10_000_000_000L;
    private static final long LONGEST_MICROS = 3_600_000_000L;
    private static final double MICROS_PER_MILLI = 1000;

    private final Histogram[] parts = new Histogram[PARTS];
    private final long[] begun = new long[PARTS];

    CommitLatency() {
        Arrays.setAll(parts, i -> new Histogram(LONGEST_MICROS, 2));
        Arrays.fill(begun, Long.MIN_VALUE);
    }

    synchronized void record(long nanos, long nowNanos) {
        long part = Math.floorDiv(nowNanos, PART_NANOS);
        int i = Math.floorMod(part, PARTS);
        if (begun[i] != part) {
            begun[i] = part;
            parts[i].reset();
        }
        parts[i].recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
    }

    synchronized LatencySummary summary(long nowNanos) {
        long part = Math.floorDiv(nowNanos, PART_NANOS);
        Histogram all = new Histogram(LONGEST_MICROS, 2);
        for (int i = 0; i < PARTS; i++) {
            if (begun[i] > part - PARTS && begun[i] <= part) {
                all.add(parts[i]);
            }
        }
        if (all.getTotalCount() == 0) {
            return LatencySummary.EMPTY;
        }
        return new LatencySummary(
                all.getTotalCount(),
                millis(all.getMinValue()),
                OptionalDouble.of(all.getMean() / MICROS_PER_MILLI),
                at(all, 50),
                at(all, 95),
                at(all, 99),
                at(all, 99.9),
                millis(all.getMaxValue()));
    }

    private static OptionalDouble at(Histogram all, double percentile) {
        return millis(all.getValueAtPercentile(percentile));
    }

    private static OptionalDouble millis(long micros) {
        return OptionalDouble.of(micros / MICROS_PER_MILLI);
    }
}
