// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import java.util.Arrays;

/**
 * Descriptors of blocks beside the pool: they stay in the cache when the pool does not, and nothing
 * a task writes can damage them. Offsets and sizes are unsigned numbers of 16-byte units. A row
 * describes a free block, a used block, or the border of an extent, which counts as a used block of
 * size 0.
 *
 * <p>The fields of a row lie side by side, so that a row is one or two cache lines, and rows lie in
 * chunks, so that a further one never copies those that are there.
 *
 * <p>Called by one thread at a time.
 */
final class BlockRows {
    static final long UNIT_BYTES = 16;

    /** As many units as an unsigned int can tell: 64 GiB less 16 bytes. */
    static final long MAX_UNITS = 0xFFFF_FFFFL;

    static final int NONE = -1;

    private static final int USED = -2;

    private static final int OFFSET = 0;
    private static final int SIZE = 1;
    private static final int PHYSICAL_PREV = 2;
    private static final int PHYSICAL_NEXT = 3;
    private static final int FREE_PREV = 4;
    private static final int FREE_NEXT = 5;
    private static final int GENERATION = 6;

    /** Unused bytes in the lowest eight bits, the alignment's logarithm in those above. */
    private static final int WASTE_ALIGN = 7;

    private static final int WASTE_MASK = 0xFF;
    private static final int WASTE_BITS = 8;
    private static final int FIELD_BITS = 3;

    private static final int CHUNK_BITS = 7;
    private static final int CHUNK_ROWS = 1 << CHUNK_BITS;

    /** The table has room at once for blocks of this mean size; with smaller ones it grows. */
    private static final long EXPECTED_BYTES = 4096;

    private int[][] chunks;
    private int rows;
    private int spare = NONE;

    /**
     * No rows.
     *
     * @param poolBytes size of the pool
     */
    BlockRows(long poolBytes) {
        chunks = new int[(int) (poolBytes / EXPECTED_BYTES >> CHUNK_BITS) + 1][];
    }

    /** A row for a used block; its neighbours are not set. */
    int take(long offsetUnits, long sizeUnits) {
        int row = spare;
        if (row != NONE) {
            spare = get(row, FREE_NEXT);
        } else {
            row = furtherRow();
        }
        place(row, offsetUnits, sizeUnits);
        markUsed(row);
        return row;
    }

    private int furtherRow() {
        int chunk = rows >> CHUNK_BITS;
        if ((rows & CHUNK_ROWS - 1) == 0) {
            if (chunk == chunks.length) {
                chunks = Arrays.copyOf(chunks, chunk * 2);
            }
            chunks[chunk] = new int[CHUNK_ROWS << FIELD_BITS];
        }
        return rows++;
    }

    private int get(int row, int field) {
        return chunks[row >> CHUNK_BITS][at(row) + field];
    }

    private void set(int row, int field, int value) {
        chunks[row >> CHUNK_BITS][at(row) + field] = value;
    }

    private static int at(int row) {
        return (row & CHUNK_ROWS - 1) << FIELD_BITS;
    }

    void drop(int row) {
        outdate(row);
        set(row, SIZE, 0);
        set(row, FREE_PREV, USED);
        set(row, FREE_NEXT, spare);
        spare = row;
    }

    /** Makes ids of the row given so far stale. */
    void outdate(int row) {
        set(row, GENERATION, (get(row, GENERATION) + 1) & Integer.MAX_VALUE);
    }

    long id(int row) {
        return (long) get(row, GENERATION) << Integer.SIZE | row;
    }

    /** The row of a live block. */
    int row(long id) {
        int row = (int) id;
        if (row < 0
                || row >= rows
                || id >>> Integer.SIZE != get(row, GENERATION)
                || !used(row)
                || get(row, SIZE) == 0) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    int rows() {
        return rows;
    }

    boolean used(int row) {
        return get(row, FREE_PREV) == USED;
    }

    /** A used block, neither the border of an extent nor a row without a block. */
    boolean live(int row) {
        return used(row) && get(row, SIZE) != 0;
    }

    boolean border(int row) {
        return get(row, SIZE) == 0;
    }

    void markUsed(int row) {
        set(row, FREE_PREV, USED);
    }

    long offset(int row) {
        return Integer.toUnsignedLong(get(row, OFFSET));
    }

    long size(int row) {
        return Integer.toUnsignedLong(get(row, SIZE));
    }

    long end(int row) {
        return offset(row) + size(row);
    }

    void place(int row, long offsetUnits, long sizeUnits) {
        set(row, OFFSET, (int) offsetUnits);
        set(row, SIZE, (int) sizeUnits);
    }

    int waste(int row) {
        return get(row, WASTE_ALIGN) & WASTE_MASK;
    }

    /** What the offset of a block is a multiple of, in units. */
    long align(int row) {
        return 1L << (get(row, WASTE_ALIGN) >> WASTE_BITS);
    }

    /**
     * How a block was asked for.
     *
     * @param wasteBytes unused, less than a unit
     * @param alignUnits a power of two
     */
    void asked(int row, int wasteBytes, long alignUnits) {
        set(row, WASTE_ALIGN, Long.numberOfTrailingZeros(alignUnits) << WASTE_BITS | wasteBytes);
    }

    int before(int row) {
        return get(row, PHYSICAL_PREV);
    }

    int after(int row) {
        return get(row, PHYSICAL_NEXT);
    }

    /** Makes two rows physical neighbours. */
    void join(int left, int right) {
        set(left, PHYSICAL_NEXT, right);
        set(right, PHYSICAL_PREV, left);
    }

    int freePrev(int row) {
        return get(row, FREE_PREV);
    }

    int freeNext(int row) {
        return get(row, FREE_NEXT);
    }

    void freePrev(int row, int other) {
        set(row, FREE_PREV, other);
    }

    void freeNext(int row, int other) {
        set(row, FREE_NEXT, other);
    }
}
