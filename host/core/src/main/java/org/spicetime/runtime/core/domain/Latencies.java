// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.spicetime.runtime.api.domain.LatencySummary;

/** A distribution of spans, to two significant digits. Guarded by the domain's guard. */
final class Latencies {

    private static final long LONGEST = TimeUnit.DAYS.toNanos(1);
    private static final int DIGITS = 2;
    private static final double NANOS_PER_MICRO = 1000.0;

    private final Histogram nanos = new Histogram(LONGEST, DIGITS);

    void record(long span) {
        nanos.recordValue(Math.clamp(span, 0, LONGEST));
    }

    void reset() {
        nanos.reset();
    }

    LatencySummary summary() {
        long count = nanos.getTotalCount();
        return count == 0
                ? LatencySummary.EMPTY
                : new LatencySummary(
                        count,
                        micros((double) nanos.getMinValue()),
                        micros(nanos.getMean()),
                        micros((double) nanos.getValueAtPercentile(50)),
                        micros((double) nanos.getValueAtPercentile(95)),
                        micros((double) nanos.getValueAtPercentile(99)),
                        micros((double) nanos.getValueAtPercentile(99.9)),
                        micros((double) nanos.getMaxValue()));
    }

    private static OptionalDouble micros(double value) {
        return OptionalDouble.of(value / NANOS_PER_MICRO);
    }
}
