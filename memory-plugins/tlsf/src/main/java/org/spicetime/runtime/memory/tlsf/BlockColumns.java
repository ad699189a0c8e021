// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import java.util.Arrays;

/**
 * Descriptors of blocks, one row each, in columns of ints beside the pool: they stay in the cache
 * when the pool does not, and nothing a task writes can damage them. Offsets and sizes are unsigned
 * numbers of 16-byte units. A row describes a free block, a used block, or the border of an extent,
 * which counts as a used block of size 0.
 *
 * <p>Called by one thread at a time.
 */
final class BlockColumns {
    static final long UNIT_BYTES = 16;

    /** As many units as an unsigned int can tell: 64 GiB less 16 bytes. */
    static final long MAX_UNITS = 0xFFFF_FFFFL;

    static final int NONE = -1;

    private static final int USED = -2;
    private static final int FIRST_ROWS = 256;

    private int[] offset = new int[FIRST_ROWS];
    private int[] size = new int[FIRST_ROWS];
    private int[] physicalPrev = new int[FIRST_ROWS];
    private int[] physicalNext = new int[FIRST_ROWS];
    private int[] freePrev = new int[FIRST_ROWS];
    private int[] freeNext = new int[FIRST_ROWS];
    private int[] generation = new int[FIRST_ROWS];
    private byte[] waste = new byte[FIRST_ROWS];
    private byte[] alignLog = new byte[FIRST_ROWS];
    private int rows;
    private int spare = NONE;

    /** A row for a used block; its neighbours are not set. */
    int take(long offsetUnits, long sizeUnits) {
        int row = spare;
        if (row != NONE) {
            spare = freeNext[row];
        } else {
            if (rows == offset.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        offset[row] = (int) offsetUnits;
        size[row] = (int) sizeUnits;
        freePrev[row] = USED;
        return row;
    }

    void drop(int row) {
        outdate(row);
        size[row] = 0;
        freePrev[row] = USED;
        freeNext[row] = spare;
        spare = row;
    }

    /** Makes ids of the row given so far stale. */
    void outdate(int row) {
        generation[row] = (generation[row] + 1) & Integer.MAX_VALUE;
    }

    long id(int row) {
        return (long) generation[row] << Integer.SIZE | row;
    }

    /** The row of a live block. */
    int row(long id) {
        int row = (int) id;
        if (row < 0
                || row >= rows
                || id >>> Integer.SIZE != generation[row]
                || !used(row)
                || size[row] == 0) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    int rows() {
        return rows;
    }

    boolean used(int row) {
        return freePrev[row] == USED;
    }

    /** A used block, neither the border of an extent nor a row without a block. */
    boolean live(int row) {
        return used(row) && size[row] != 0;
    }

    boolean border(int row) {
        return size[row] == 0;
    }

    void markUsed(int row) {
        freePrev[row] = USED;
    }

    long offset(int row) {
        return Integer.toUnsignedLong(offset[row]);
    }

    long size(int row) {
        return Integer.toUnsignedLong(size[row]);
    }

    long end(int row) {
        return offset(row) + size(row);
    }

    void place(int row, long offsetUnits, long sizeUnits) {
        offset[row] = (int) offsetUnits;
        size[row] = (int) sizeUnits;
    }

    int waste(int row) {
        return waste[row];
    }

    void waste(int row, int bytes) {
        waste[row] = (byte) bytes;
    }

    /** What the offset of a block is a multiple of, in units. */
    long align(int row) {
        return 1L << alignLog[row];
    }

    void align(int row, long units) {
        alignLog[row] = (byte) Long.numberOfTrailingZeros(units);
    }

    int before(int row) {
        return physicalPrev[row];
    }

    int after(int row) {
        return physicalNext[row];
    }

    /** Makes two rows physical neighbours. */
    void join(int left, int right) {
        physicalNext[left] = right;
        physicalPrev[right] = left;
    }

    int freePrev(int row) {
        return freePrev[row];
    }

    int freeNext(int row) {
        return freeNext[row];
    }

    void freePrev(int row, int other) {
        freePrev[row] = other;
    }

    void freeNext(int row, int other) {
        freeNext[row] = other;
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        size = Arrays.copyOf(size, capacity);
        physicalPrev = Arrays.copyOf(physicalPrev, capacity);
        physicalNext = Arrays.copyOf(physicalNext, capacity);
        freePrev = Arrays.copyOf(freePrev, capacity);
        freeNext = Arrays.copyOf(freeNext, capacity);
        generation = Arrays.copyOf(generation, capacity);
        waste = Arrays.copyOf(waste, capacity);
        alignLog = Arrays.copyOf(alignLog, capacity);
    }
}
