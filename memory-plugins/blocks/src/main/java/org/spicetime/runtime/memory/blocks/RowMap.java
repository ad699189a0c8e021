// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

/*
 * Open addressing with linear probing. A number that goes makes room by moving the following ones of
 * its run back (D. E. Knuth: The Art of Computer Programming, volume 3, section 6.4, algorithm R), so
 * there are no marks for deleted places.
 */
/** Numbers to rows; a row is positive. Called by one thread at a time. */
final class RowMap {
    /** What stands for no row. */
    static final int NONE = 0;

    private int[] keys = new int[256];
    private int[] rows = new int[256];
    private int count;

    int get(long number) {
        int key = (int) number;
        int at = place(key);
        while (rows[at] != NONE && keys[at] != key) {
            at = at + 1 & rows.length - 1;
        }
        return rows[at];
    }

    /** Adds a number that is not there. */
    void put(long number, int row) {
        if (2 * ++count > rows.length) {
            grow();
        }
        insert((int) number, row);
    }

    /** Removes a number that is there. */
    void remove(long number) {
        int mask = rows.length - 1;
        int at = place((int) number);
        while (keys[at] != (int) number || rows[at] == NONE) {
            at = at + 1 & mask;
        }
        count--;
        for (int from = at + 1 & mask; rows[from] != NONE; from = from + 1 & mask) {
            int home = place(keys[from]);
            if ((from - home & mask) >= (from - at & mask)) {
                keys[at] = keys[from];
                rows[at] = rows[from];
                at = from;
            }
        }
        rows[at] = NONE;
    }

    private void insert(int key, int row) {
        int at = place(key);
        while (rows[at] != NONE) {
            at = at + 1 & rows.length - 1;
        }
        keys[at] = key;
        rows[at] = row;
    }

    private int place(int key) {
        return key * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(rows.length) + 1;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldRows = rows;
        keys = new int[oldKeys.length * 2];
        rows = new int[oldRows.length * 2];
        for (int at = 0; at < oldRows.length; at++) {
            if (oldRows[at] != NONE) {
                insert(oldKeys[at], oldRows[at]);
            }
        }
    }
}
