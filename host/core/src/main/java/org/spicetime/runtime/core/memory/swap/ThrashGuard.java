// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices when a pool does little else but exchange blocks: when over {@value #WINDOW_SECONDS}
 * seconds more than {@value #BEGIN} of all pins found their block swapped out. That ends when it
 * were fewer than {@value #END}. Looked at once a second, as time passes by; a few faults are never
 * thrashing.
 *
 * <p>Thread-safe.
 */
final class ThrashGuard {
    static final int WINDOW_SECONDS = 10;
    static final double BEGIN = 0.3;
    static final double END = 0.15;

    /** Fewer faults than that in a window are no burden, whatever their share. */
    static final long FEWEST_FAULTS = 200;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final LongSupplier pins;

    // Guarded by this. At each of the last borders of a second: faults and pins until then.
    private final long[] faultsAt = new long[WINDOW_SECONDS];
    private final long[] pinsAt = new long[WINDOW_SECONDS];
    private boolean started;
    private long origin;
    private long seconds;
    private long faults;
    private double ratio;
    private boolean thrashing;

    /**
     * @param nanoTime clock
     * @param pins pins until now, those of blocks that have ended included; asked once a second at
     *     most
     */
    ThrashGuard(LongSupplier nanoTime, LongSupplier pins) {
        this.nanoTime = nanoTime;
        this.pins = pins;
    }

    /** A pin found its block swapped out. */
    synchronized void faulted() {
        if (!started) {
            started = true;
            origin = nanoTime.getAsLong();
            Arrays.fill(pinsAt, pins.getAsLong());
        }
        advance();
        faults++;
    }

    /** Whether it is that bad now. */
    synchronized boolean thrashing() {
        advance();
        return thrashing;
    }

    /** Share of the pins of the last window that found their block swapped out, 0.0 to 1.0. */
    synchronized double ratio() {
        advance();
        return ratio;
    }

    private void advance() {
        if (!started) {
            return;
        }
        long now = (nanoTime.getAsLong() - origin) / SECOND;
        if (now <= seconds) {
            return;
        }
        long pinned = pins.getAsLong();
        for (long border = Math.max(seconds + 1, now - WINDOW_SECONDS); border <= now; border++) {
            int slot = (int) (border % WINDOW_SECONDS);
            if (border >= WINDOW_SECONDS) {
                judge(faults - faultsAt[slot], pinned - pinsAt[slot]);
            }
            faultsAt[slot] = faults;
            pinsAt[slot] = pinned;
        }
        seconds = now;
    }

    private void judge(long faulted, long pinned) {
        ratio = faulted == 0 ? 0 : Math.min(1, (double) faulted / Math.max(faulted, pinned));
        thrashing = faulted >= FEWEST_FAULTS && ratio > (thrashing ? END : BEGIN);
    }
}
