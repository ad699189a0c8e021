// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.util.function.LongSupplier;

/**
 * Measures the steps of one collection and tells when one has lasted long enough. A step begins
 * when the lock of the pool is held, so what is measured is how long others are kept out by it.
 *
 * <p>Called by one thread at a time.
 */
public final class StepTimer {
    private final LongSupplier nanoTime;
    private final long goalNanos;
    private long started;
    private long last;
    private long longest;
    private long steps;
    private boolean exhausted;

    /**
     * @param nanoTime the clock
     * @param goalNanos how long a step should last at most; {@link Long#MAX_VALUE}: no goal
     */
    public StepTimer(LongSupplier nanoTime, long goalNanos) {
        this.nanoTime = nanoTime;
        this.goalNanos = goalNanos;
    }

    /** A step begins: the lock is held now. */
    public void begin() {
        started = nanoTime.getAsLong();
        exhausted = false;
    }

    /** The step ends: the lock is about to be given back. */
    public void end() {
        last = elapsed();
        longest = Math.max(longest, last);
        steps++;
    }

    /** Whether the step has lasted long enough. */
    public boolean over() {
        return exhausted || elapsed() >= goalNanos;
    }

    /** What comes next does not fit into this step: it is over. */
    void exhaust() {
        exhausted = true;
    }

    /** Time left of the step. */
    long remaining() {
        return goalNanos - elapsed();
    }

    long goal() {
        return goalNanos;
    }

    long elapsed() {
        return nanoTime.getAsLong() - started;
    }

    /** How long the last step took. */
    long lastNanos() {
        return last;
    }

    /** Longest step so far. */
    public long longestNanos() {
        return longest;
    }

    /** Steps so far. */
    public long steps() {
        return steps;
    }
}
