// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;

/*
 * Open addressing with linear probing; a removal closes the gap by moving later entries up, so there are
 * no marks of removed ones.
 */
/**
 * Ids under which blocks of one foreign strategy live: a strategy that gives one of them away again
 * is found at once. Linear probing with deletion as in D. E. Knuth, <i>The Art of Computer
 * Programming</i>, volume 3, section 6.4, algorithm R.
 *
 * <p>Guarded by the caller.
 */
final class LiveIds {
    private static final long FREE = -1;
    private static final int FIRST_SLOTS = 64;

    private long[] slots = new long[FIRST_SLOTS];
    private int count;

    LiveIds() {
        Arrays.fill(slots, FREE);
    }

    /** Adds an id from 0 up; false: it is there already. */
    boolean add(long id) {
        if (2 * (count + 1) > slots.length) {
            grow();
        }
        int at = home(id);
        while (slots[at] != FREE) {
            if (slots[at] == id) {
                return false;
            }
            at = after(at);
        }
        slots[at] = id;
        count++;
        return true;
    }

    /** Removes an id, if it is there. */
    void remove(long id) {
        int at = home(id);
        while (slots[at] != id) {
            if (slots[at] == FREE) {
                return;
            }
            at = after(at);
        }
        count--;
        int gap = at;
        for (int next = after(gap); slots[next] != FREE; next = after(next)) {
            int home = home(slots[next]);
            boolean stays = gap <= next ? gap < home && home <= next : gap < home || home <= next;
            if (!stays) {
                slots[gap] = slots[next];
                gap = next;
            }
        }
        slots[gap] = FREE;
    }

    private void grow() {
        long[] former = slots;
        slots = new long[former.length * 2];
        Arrays.fill(slots, FREE);
        count = 0;
        for (long id : former) {
            if (id != FREE) {
                add(id);
            }
        }
    }

    private int home(long id) {
        long mixed = id * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & slots.length - 1;
    }

    private int after(int at) {
        return at + 1 & slots.length - 1;
    }
}
