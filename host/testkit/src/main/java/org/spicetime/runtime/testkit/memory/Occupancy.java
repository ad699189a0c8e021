// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One bit per granule of a pool: open, or closed because a block lies there or no zone. All is
 * closed at first. The bits come in pages that are made when they are first opened, so that pools
 * of many gibibytes can be looked at. Called by one thread at a time.
 */
final class Occupancy {
    private static final int PAGE_WORDS = 1024;

    private final long granuleBytes;
    private final long poolBytes;
    private final long[] @Nullable [] pages;

    Occupancy(long granuleBytes, long poolBytes) {
        this.granuleBytes = granuleBytes;
        this.poolBytes = poolBytes;
        pages =
                new long[(int) (poolBytes / granuleBytes / Long.SIZE / PAGE_WORDS) + 1] @Nullable
                        [];
    }

    /** Whether every byte of the range is open; false too if it leaves the pool. */
    boolean isOpen(long offset, long size) {
        if (offset < 0 || size <= 0 || offset > poolBytes - size) {
            return false;
        }
        long first = offset / granuleBytes;
        long end = (offset + size - 1) / granuleBytes + 1;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            long @Nullable [] page = pages[(int) (word / PAGE_WORDS)];
            if (page == null || (page[(int) (word % PAGE_WORDS)] & mask(word, first, end)) != 0) {
                return false;
            }
        }
        return true;
    }

    void open(long offset, long size) {
        long first = offset / granuleBytes;
        long end = first + size / granuleBytes;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            int at = (int) (word / PAGE_WORDS);
            long @Nullable [] page = pages[at];
            if (page == null) {
                page = new long[PAGE_WORDS];
                Arrays.fill(page, -1L);
                pages[at] = page;
            }
            page[(int) (word % PAGE_WORDS)] &= ~mask(word, first, end);
        }
    }

    /** Closes a range that is open as a whole. */
    void close(long offset, long size) {
        long first = offset / granuleBytes;
        long end = first + size / granuleBytes;
        for (long word = first >>> 6; word <= (end - 1) >>> 6; word++) {
            long @Nullable [] page = pages[(int) (word / PAGE_WORDS)];
            if (page == null) {
                throw new IllegalStateException("granule %d was never open".formatted(first));
            }
            page[(int) (word % PAGE_WORDS)] |= mask(word, first, end);
        }
    }

    /** Bits of {@code [first, end)} that lie in the word. */
    private static long mask(long word, long first, long end) {
        long mask = -1L;
        if (word == first >>> 6) {
            mask &= -1L << first;
        }
        if (word == (end - 1) >>> 6) {
            mask &= -1L >>> (63 - (end - 1));
        }
        return mask;
    }
}
