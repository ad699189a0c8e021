// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.dynamic;

import java.util.Arrays;

/*
 * A list may grow by one block each time it was asked in vain, up to a limit, so a size that is not asked
 * for parks next to nothing. The fewest blocks a list had in a period were of no use in it; at the end of
 * the period half of them go, and the list may hold as many less.
 */
/**
 * Released small blocks, kept by size for the next request of that size. Called by one thread at a
 * time.
 */
final class QuickLists {
    static final long NONE = -1;

    /** Units of the largest block that is kept: 1 KiB. */
    static final int LARGEST = 64;

    /**
     * Blocks all lists hold at most, so that they can be emptied within a fraction of a
     * millisecond.
     */
    static final int MOST = 2048;

    private static final int MOST_IN_ONE = 256;
    private static final int FIRST_LIMIT = 8;

    private final int[][] offsets = new int[LARGEST + 1][FIRST_LIMIT];
    private final int[] depth = new int[LARGEST + 1];
    private final int[] limit = new int[LARGEST + 1];
    private final int[] lowest = new int[LARGEST + 1];
    private int count;

    QuickLists() {
        Arrays.fill(limit, FIRST_LIMIT);
    }

    /** Blocks in all lists. */
    int count() {
        return count;
    }

    /** Takes a block of exactly that size; its offset, or {@link #NONE}. */
    long take(long units) {
        int list = (int) units;
        if (depth[list] == 0) {
            limit[list] = Math.min(limit[list] + 1, MOST_IN_ONE);
            return NONE;
        }
        count--;
        depth[list]--;
        lowest[list] = Math.min(lowest[list], depth[list]);
        return Integer.toUnsignedLong(offsets[list][depth[list]]);
    }

    /** Keeps a block; false: its list, or all together, have enough. */
    boolean keep(long offset, long units) {
        int list = (int) units;
        if (depth[list] >= limit[list] || count == MOST) {
            return false;
        }
        if (depth[list] == offsets[list].length) {
            offsets[list] = Arrays.copyOf(offsets[list], 2 * depth[list]);
        }
        offsets[list][depth[list]++] = (int) offset;
        count++;
        return true;
    }

    /** Blocks of a list that are to go at the end of a period. */
    int idle(int list) {
        return (lowest[list] + 1) / 2;
    }

    /** Begins another period for a list. */
    void renew(int list) {
        limit[list] = Math.max(FIRST_LIMIT, limit[list] - idle(list));
        lowest[list] = depth[list];
    }

    /** Blocks in a list. */
    int depth(int list) {
        return depth[list];
    }
}
