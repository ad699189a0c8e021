// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The pool as a row of chunks of one size: which are free, and how many live blocks touch each of
 * the others. A chunk is free again when no live block touches it. Called by one thread at a time.
 */
final class Chunks {
    static final int NONE = -1;

    private final long chunkBytes;
    private final BitSet free = new BitSet();
    private final int[] blocks;
    private final int[] liveBytes;
    private final IntConsumer whenFree;
    private int withHoles;

    /**
     * @param whenFree told of a chunk that no live block touches any more
     */
    Chunks(long chunkBytes, long poolBytes, IntConsumer whenFree) {
        this.chunkBytes = chunkBytes;
        this.whenFree = whenFree;
        int count = (int) ((poolBytes + chunkBytes - 1) / chunkBytes);
        blocks = new int[count];
        liveBytes = new int[count];
    }

    /** Free memory, new. */
    void add(long offset, long length) {
        free.set(chunk(offset), chunk(offset + length));
    }

    /** Takes free memory out for good; false: not all of it is free. */
    boolean drop(long offset, long length) {
        int from = chunk(offset);
        int to = chunk(offset + length);
        if (free.nextClearBit(from) < to) {
            return false;
        }
        free.clear(from, to);
        return true;
    }

    int chunk(long offset) {
        return (int) (offset / chunkBytes);
    }

    /** The first of so many free chunks side by side, a multiple of the step; or {@link #NONE}. */
    int find(int count, int step) {
        for (int begin = free.nextSetBit(0); begin >= 0; ) {
            int end = free.nextClearBit(begin);
            int aligned = (begin + step - 1) & -step;
            if (aligned <= end - count) {
                return aligned;
            }
            begin = free.nextSetBit(end);
        }
        return NONE;
    }

    /** Takes chunks that are free. */
    void take(int from, int count) {
        free.clear(from, from + count);
        withHoles += count;
    }

    /** A block lives from now on, in chunks that were taken. */
    void added(long offset, long size) {
        change(offset, size, 1);
    }

    /** A block lives no more. */
    void removed(long offset, long size) {
        change(offset, size, -1);
    }

    private void change(long offset, long size, int sign) {
        long end = offset + size;
        for (int chunk = chunk(offset); chunk * chunkBytes < end; chunk++) {
            long begin = chunk * chunkBytes;
            long covered = Math.min(end, begin + chunkBytes) - Math.max(offset, begin);
            boolean hadHole = liveBytes[chunk] < chunkBytes;
            blocks[chunk] += sign;
            liveBytes[chunk] += (int) (sign * covered);
            boolean hasHole = liveBytes[chunk] < chunkBytes;
            withHoles += Boolean.compare(hasHole, hadHole);
            if (blocks[chunk] == 0) {
                free.set(chunk);
                withHoles--;
                whenFree.accept(chunk);
            }
        }
    }

    /** Chunks that live blocks touch without filling them. */
    int withHoles() {
        return withHoles;
    }

    /** Bytes of the longest run of free chunks. */
    long largestRunBytes() {
        long largest = 0;
        for (int begin = free.nextSetBit(0); begin >= 0; ) {
            int end = free.nextClearBit(begin);
            largest = Math.max(largest, (end - begin) * chunkBytes);
            begin = free.nextSetBit(end);
        }
        return largest;
    }

    /** Number of runs of free chunks. */
    int runs() {
        int runs = 0;
        for (int begin = free.nextSetBit(0); begin >= 0; runs++) {
            begin = free.nextSetBit(free.nextClearBit(begin));
        }
        return runs;
    }
}
