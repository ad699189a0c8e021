// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * The share of time that is spent waiting, over the last seconds, made of readings of a counter of
 * waits. As the pressure stall information of Linux, but over exact windows instead of decaying
 * means. Thread-safe.
 *
 * <p>See J. Weiner, <i>PSI: pressure stall information</i>, documentation of the Linux kernel.
 */
public final class StallWindows {
    /** The longest window, seconds; readings are to come about once a second. */
    public static final int LONGEST_SECONDS = 60;

    private static final int KEPT = LONGEST_SECONDS + 1;

    // Guarded by this: a ring of readings.
    private final long[] nanos = new long[KEPT];
    private final long[] waited = new long[KEPT];
    private int count;
    private int next;

    /** Forgets all readings: the counter begins anew. */
    public synchronized void clear() {
        count = 0;
        next = 0;
    }

    /**
     * Notes a reading.
     *
     * @param at instant, nanoseconds
     * @param waitedNanos the counter
     */
    public synchronized void add(long at, long waitedNanos) {
        nanos[next] = at;
        waited[next] = waitedNanos;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /**
     * The share of the last seconds.
     *
     * @param window how far to look back, at most {@value #LONGEST_SECONDS} s; as far as there are
     *     readings, if they do not go back that far
     * @param workers how many can wait at a time
     * @return 0 to 1; empty before there are two readings
     */
    public synchronized OptionalDouble over(Duration window, int workers) {
        if (count < 2) {
            return OptionalDouble.empty();
        }
        int newest = (next + KEPT - 1) % KEPT;
        int from = newest;
        for (int back = 1; back < count; back++) {
            int reading = (newest + KEPT - back) % KEPT;
            if (nanos[newest] - nanos[reading] > window.toNanos() && from != newest) {
                break;
            }
            from = reading;
        }
        double time = (double) (nanos[newest] - nanos[from]) * workers;
        return time <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.clamp((waited[newest] - waited[from]) / time, 0.0, 1.0));
    }
}
