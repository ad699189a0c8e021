// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Heap that the histories of all domains may take together. A history that gets no more goes on in
 * the memory of its oldest samples. Thread-safe.
 */
public final class HistoryBudget {
    private static final long LARGEST = 64L << 20;
    private static final long SHARE_OF_HEAP = 16;

    private final long mostBytes;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param mostBytes of all histories together, a first block of each apart
     */
    public HistoryBudget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A sixteenth of the largest heap, at most 64 MiB. */
    public static HistoryBudget standard() {
        return new HistoryBudget(
                Math.min(LARGEST, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Takes a block; false: there is no room. */
    boolean take() {
        if (taken.addAndGet(SampleBlock.BYTES) <= mostBytes) {
            return true;
        }
        taken.addAndGet(-SampleBlock.BYTES);
        return false;
    }

    /** Takes a block in any case: the first of a history. */
    void takeAnyway() {
        taken.addAndGet(SampleBlock.BYTES);
    }

    void give(int blocks) {
        taken.addAndGet(-(long) blocks * SampleBlock.BYTES);
    }

    long takenBytes() {
        return taken.get();
    }
}
