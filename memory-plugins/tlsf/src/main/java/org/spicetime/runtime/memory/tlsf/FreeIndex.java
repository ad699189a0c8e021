// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import static org.spicetime.runtime.memory.tlsf.BlockRows.NONE;

import java.util.Arrays;

/*
 * Two-level segregated fit. Free blocks hang in lists by size class. The first level is the power of
 * two of the size, the second divides it into 32 equal steps; sizes below 32 units have a class each.
 * One bit per list tells whether it holds anything, so the smallest class that surely fits is found by
 * two searches for the lowest set bit. A request is rounded up to the next class border first:
 * every block of the class then fits, and none has to be looked at.
 *
 * That rounding can miss the one block that would fit, say a request for all that is free. So after a
 * miss a fixed number of blocks from the request's own class upwards is looked at.
 */
/** Free blocks by size. Called by one thread at a time. */
final class FreeIndex {
    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int LEVELS = Integer.SIZE - STEP_BITS + 1;

    /** Blocks looked at after a miss; a constant, so the time stays bounded. */
    private static final int LOOKED_AT = 32;

    private final BlockRows blocks;
    private final int[] heads = new int[LEVELS * STEPS];
    private final int[] stepMaps = new int[LEVELS];
    private int levelMap;
    private long freeUnits;
    private long freeBlocks;

    FreeIndex(BlockRows blocks) {
        this.blocks = blocks;
        Arrays.fill(heads, NONE);
    }

    long freeUnits() {
        return freeUnits;
    }

    long freeBlocks() {
        return freeBlocks;
    }

    void add(int row) {
        int list = list(blocks.size(row));
        int head = heads[list];
        blocks.freeNext(row, head);
        blocks.freePrev(row, NONE);
        if (head != NONE) {
            blocks.freePrev(head, row);
        }
        heads[list] = row;
        stepMaps[list >> STEP_BITS] |= 1 << (list & (STEPS - 1));
        levelMap |= 1 << (list >> STEP_BITS);
        freeUnits += blocks.size(row);
        freeBlocks++;
    }

    void remove(int row) {
        int next = blocks.freeNext(row);
        int prev = blocks.freePrev(row);
        if (next != NONE) {
            blocks.freePrev(next, prev);
        }
        if (prev != NONE) {
            blocks.freeNext(prev, next);
        } else {
            int list = list(blocks.size(row));
            heads[list] = next;
            if (next == NONE) {
                int level = list >> STEP_BITS;
                stepMaps[level] &= ~(1 << (list & (STEPS - 1)));
                if (stepMaps[level] == 0) {
                    levelMap &= ~(1 << level);
                }
            }
        }
        blocks.markUsed(row);
        freeUnits -= blocks.size(row);
        freeBlocks--;
    }

    /** A free block in which so many units fit at that alignment; or NONE. */
    int find(long units, long alignUnits) {
        int list = listAtOrAbove(listThatFits(units + alignUnits - 1));
        return list != NONE ? heads[list] : look(units, alignUnits);
    }

    /** Size of the largest block that {@link #find} would give, in units. */
    long largest() {
        if (levelMap == 0) {
            return 0;
        }
        int level = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(levelMap);
        int step = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(stepMaps[level]);
        long largest = 0;
        int looked = 0;
        for (int row = heads[(level << STEP_BITS) + step];
                row != NONE && looked < LOOKED_AT;
                row = blocks.freeNext(row)) {
            largest = Math.max(largest, blocks.size(row));
            looked++;
        }
        return largest;
    }

    /** The free block that covers a range as a whole; or NONE. Looks at all that are as large. */
    int covering(long offset, long end) {
        for (int list = listAtOrAbove(list(end - offset));
                list != NONE;
                list = listAtOrAbove(list + 1)) {
            for (int row = heads[list]; row != NONE; row = blocks.freeNext(row)) {
                if (blocks.offset(row) <= offset && blocks.end(row) >= end) {
                    return row;
                }
            }
        }
        return NONE;
    }

    private int look(long units, long alignUnits) {
        int looked = 0;
        for (int list = listAtOrAbove(list(units)); list != NONE; list = listAtOrAbove(list + 1)) {
            for (int row = heads[list]; row != NONE; row = blocks.freeNext(row)) {
                if (Tlsf.alignUp(blocks.offset(row), alignUnits) + units <= blocks.end(row)) {
                    return row;
                }
                if (++looked == LOOKED_AT) {
                    return NONE;
                }
            }
        }
        return NONE;
    }

    /** First list at or after this one that holds something; or NONE. */
    private int listAtOrAbove(int list) {
        int level = list >> STEP_BITS;
        if (level >= LEVELS) {
            return NONE;
        }
        int steps = stepMaps[level] & (-1 << (list & (STEPS - 1)));
        if (steps == 0) {
            int levels = level + 1 < LEVELS ? levelMap & (-1 << (level + 1)) : 0;
            if (levels == 0) {
                return NONE;
            }
            level = Integer.numberOfTrailingZeros(levels);
            steps = stepMaps[level];
        }
        return (level << STEP_BITS) + Integer.numberOfTrailingZeros(steps);
    }

    /** The list a block of that size hangs in. */
    private static int list(long units) {
        if (units < STEPS) {
            return (int) units;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        int step = (int) (units >>> (power - STEP_BITS)) & (STEPS - 1);
        return ((power - STEP_BITS + 1) << STEP_BITS) + step;
    }

    /** The first list in which every block has at least that size. */
    private static int listThatFits(long units) {
        if (units < STEPS) {
            return (int) units;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        return list(units + (1L << (power - STEP_BITS)) - 1);
    }
}
