// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;

/*
 * Open addressing with linear probing; a removal moves later keys of the same run back, so there are
 * no marks of removed ones. D. E. Knuth, The Art of Computer Programming, volume 3, section 6.4,
 * algorithm R.
 */
/** Rows by the offset of their block, for the blocks that may move. Guarded by the caller. */
final class OffsetIndex {
    static final int NONE = -1;

    private static final int FIRST_SLOTS = 16;
    private static final long EMPTY = -1;

    private long[] keys = empty(FIRST_SLOTS);
    private int[] rows = new int[FIRST_SLOTS];
    private int count;

    /** The row of the block at an offset; {@link #NONE}: no movable one begins there. */
    int row(long offset) {
        for (int slot = home(offset); keys[slot] != EMPTY; slot = after(slot)) {
            if (keys[slot] == offset) {
                return rows[slot];
            }
        }
        return NONE;
    }

    /** Adds an offset that is not there yet. */
    void add(long offset, int row) {
        if ((count + 1) * 2 > keys.length) {
            grow();
        }
        insert(offset, row);
        count++;
    }

    void remove(long offset) {
        int hole = home(offset);
        while (keys[hole] != offset) {
            if (keys[hole] == EMPTY) {
                throw new IllegalStateException("no movable block begins at " + offset);
            }
            hole = after(hole);
        }
        int mask = keys.length - 1;
        for (int slot = after(hole); keys[slot] != EMPTY; slot = after(slot)) {
            int way = slot - home(keys[slot]) & mask;
            if (way >= (slot - hole & mask)) {
                keys[hole] = keys[slot];
                rows[hole] = rows[slot];
                hole = slot;
            }
        }
        keys[hole] = EMPTY;
        count--;
    }

    int count() {
        return count;
    }

    private void insert(long offset, int row) {
        int slot = home(offset);
        while (keys[slot] != EMPTY) {
            slot = after(slot);
        }
        keys[slot] = offset;
        rows[slot] = row;
    }

    private void grow() {
        long[] formerKeys = keys;
        int[] formerRows = rows;
        keys = empty(formerKeys.length * 2);
        rows = new int[keys.length];
        for (int slot = 0; slot < formerKeys.length; slot++) {
            if (formerKeys[slot] != EMPTY) {
                insert(formerKeys[slot], formerRows[slot]);
            }
        }
    }

    private int home(long offset) {
        long mixed = offset / OverlapGuard.GRANULE_BYTES * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 33) & keys.length - 1;
    }

    private int after(int slot) {
        return slot + 1 & keys.length - 1;
    }

    private static long[] empty(int slots) {
        long[] keys = new long[slots];
        Arrays.fill(keys, EMPTY);
        return keys;
    }
}
