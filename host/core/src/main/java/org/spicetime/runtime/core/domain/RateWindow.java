// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayDeque;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Growth of a counter per second over the last ten. Guarded by the domain's guard. */
final class RateWindow {

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
    private static final double NANOS_PER_SECOND = 1e9;

    private record Reading(long nanos, long value) {}

    private final ArrayDeque<Reading> readings = new ArrayDeque<>();

    void restart(long nanos, long value) {
        readings.clear();
        readings.add(new Reading(nanos, value));
    }

    /** Takes a reading; once a second. */
    void sample(long nanos, long value) {
        readings.add(new Reading(nanos, value));
        while (readings.size() > 2 && nanos - readings.getFirst().nanos() > WINDOW) {
            readings.removeFirst();
        }
    }

    /** Per second until now; empty before any time has passed. */
    OptionalDouble perSecond(long nanos, long value) {
        Reading oldest = readings.peekFirst();
        return oldest == null || nanos - oldest.nanos() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (value - oldest.value()) * NANOS_PER_SECOND / (nanos - oldest.nanos()));
    }
}
