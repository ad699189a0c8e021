// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import java.util.function.LongSupplier;

/**
 * How long tasks waited for memory of a pool, those that wait now included: for memory to be kept,
 * for a block, for one that is swapped in. Thread-safe.
 */
public final class MemoryWaits {
    private final LongSupplier nanoTime;

    // Guarded by this. The sum of instants may overflow; what is made of it does not.
    private int waiting;
    private long begun;
    private long ended;

    /**
     * @param nanoTime clock
     */
    public MemoryWaits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * A task begins to wait.
     *
     * @return to be given to {@link #end}
     */
    public long begin() {
        long now = nanoTime.getAsLong();
        synchronized (this) {
            waiting++;
            begun += now;
        }
        return now;
    }

    /**
     * It waits no more.
     *
     * @param since what {@link #begin} answered
     */
    public void end(long since) {
        long now = nanoTime.getAsLong();
        synchronized (this) {
            waiting--;
            begun -= since;
            ended += now - since;
        }
    }

    /** Time all tasks together spent waiting, nanoseconds. */
    public long waitedNanos() {
        long now = nanoTime.getAsLong();
        synchronized (this) {
            return ended + waiting * now - begun;
        }
    }

    /** Tasks that wait now. */
    public synchronized int waiting() {
        return waiting;
    }
}
