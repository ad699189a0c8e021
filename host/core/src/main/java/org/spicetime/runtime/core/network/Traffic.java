// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts bytes and round trips over sliding windows of whole seconds. Thread-safe. */
final class Traffic {

    private static final int BYTE_SECONDS = 10;
    private static final int TRIP_SECONDS = 60;

    private final LongSupplier clock;
    private final long start;
    private final Window bytes = new Window(BYTE_SECONDS);
    private final Window trips = new Window(TRIP_SECONDS);
    private long total;

    /** By a monotonic clock in nanoseconds. */
    Traffic(LongSupplier clock) {
        this.clock = clock;
        start = clock.getAsLong();
    }

    synchronized void moved(long count) {
        if (count > 0) {
            total += count;
            bytes.add(second(), count);
        }
    }

    synchronized void roundTrip(long nanos) {
        trips.add(second(), nanos);
    }

    /** All bytes so far. */
    synchronized long total() {
        return total;
    }

    /** Over the last ten seconds. */
    synchronized double bytesPerSecond() {
        bytes.forget(second());
        return (double) bytes.sum() / BYTE_SECONDS;
    }

    /** Mean over the last minute; empty: there were none. */
    synchronized OptionalDouble roundTripMillis() {
        trips.forget(second());
        return trips.count() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(trips.sum() / 1e6 / trips.count());
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong() - start);
    }

    /** Sums of the last seconds, the present one included. Guarded by its owner. */
    private static final class Window {
        private final long[] sums;
        private final long[] counts;
        private long newest;

        Window(int seconds) {
            sums = new long[seconds];
            counts = new long[seconds];
        }

        void add(long second, long value) {
            forget(second);
            int place = (int) (second % sums.length);
            sums[place] += value;
            counts[place]++;
        }

        void forget(long second) {
            long steps = Math.min(second - newest, sums.length);
            for (long i = 1; i <= steps; i++) {
                int place = (int) ((newest + i) % sums.length);
                sums[place] = 0;
                counts[place] = 0;
            }
            newest = Math.max(newest, second);
        }

        long sum() {
            return total(sums);
        }

        long count() {
            return total(counts);
        }

        private static long total(long[] values) {
            long total = 0;
            for (long value : values) {
                total += value;
            }
            return total;
        }
    }
}
