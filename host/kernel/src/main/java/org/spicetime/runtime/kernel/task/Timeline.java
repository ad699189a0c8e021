// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Arrays;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * The newest slices of a domain, in a ring of numbers that grows up to {@value #MOST} slices (300
 * KiB): writing one down costs some stores and no object. Guarded by the caller.
 */
final class Timeline {
    /** Slices that are remembered. */
    static final int MOST = 8192;

    private static final int FIRST_SIZE = 64;
    private static final int END_BITS = 3;
    private static final SliceEnd[] ENDS = SliceEnd.values();

    private long[] idHigh = new long[FIRST_SIZE];
    private long[] idLow = new long[FIRST_SIZE];
    private long[] start = new long[FIRST_SIZE];
    private long[] length = new long[FIRST_SIZE];
    private int[] slotAndEnd = new int[FIRST_SIZE];

    /* Slices ever written; the newest is at (written - 1) modulo the size. */
    private long written;

    /** Slices that can be read. */
    int size() {
        return (int) Math.min(written, start.length);
    }

    /** Writes a slice down that has ended. */
    @SuppressWarnings("EnumOrdinal") // it never leaves this object
    void add(UUID task, int slot, long startNanos, long nanos, SliceEnd why) {
        if (written == start.length && start.length < MOST) grow();
        int at = (int) (written++ & start.length - 1);
        idHigh[at] = task.getMostSignificantBits();
        idLow[at] = task.getLeastSignificantBits();
        start[at] = startNanos;
        length[at] = nanos;
        slotAndEnd[at] = slot << END_BITS | why.ordinal();
    }

    private void grow() {
        int size = start.length * 2;
        idHigh = Arrays.copyOf(idHigh, size);
        idLow = Arrays.copyOf(idLow, size);
        start = Arrays.copyOf(start, size);
        length = Arrays.copyOf(length, size);
        slotAndEnd = Arrays.copyOf(slotAndEnd, size);
    }

    private int at(int back) {
        return (int) (written - 1 - back & start.length - 1);
    }

    /** The task of the slice that ended so many slices ago; 0: of the last one. */
    UUID task(int back) {
        return new UUID(idHigh[at(back)], idLow[at(back)]);
    }

    int slot(int back) {
        return slotAndEnd[at(back)] >>> END_BITS;
    }

    long start(int back) {
        return start[at(back)];
    }

    long length(int back) {
        return length[at(back)];
    }

    SliceEnd end(int back) {
        return ENDS[slotAndEnd[at(back)] & (1 << END_BITS) - 1];
    }
}
