// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import java.util.Arrays;
import org.spicetime.runtime.api.memory.BlockVisitor;

/*
 * A size is kept as its units less one, so that the largest, 2^32 units, has room in an int. A row
 * without a block has the waste NO_BLOCK and is chained to the next such row by its offset.
 */
/**
 * The live blocks, one row each, in columns beside the pool. The id of a block is its row with a
 * generation in the high half, so a stale id is told from a live one. Offsets and sizes are
 * unsigned numbers of 16-byte units.
 *
 * <p>Called by one thread at a time.
 */
public final class BlockRows {
    /** Bytes of a unit. */
    public static final long UNIT_BYTES = 16;

    /** Bytes that an unsigned int of units reaches: 64 GiB. */
    public static final long MAX_POOL_BYTES = UNIT_BYTES << Integer.SIZE;

    private static final int FIRST_ROWS = 256;
    private static final int NONE = -1;
    private static final long NO_BLOCK = -1;

    private int[] offset = new int[FIRST_ROWS];
    private int[] lessOne = new int[FIRST_ROWS];
    private long[] waste = new long[FIRST_ROWS];
    private int[] tag = new int[FIRST_ROWS];
    private int[] generation = new int[FIRST_ROWS];
    private int rows;
    private int spare = NONE;
    private long usedUnits;
    private long wasteBytes;

    /** No blocks. */
    public BlockRows() {}

    /**
     * A new block.
     *
     * @param offsetUnits where it begins
     * @param sizeUnits its size; 1 to 2^32
     * @param wasted bytes of it that nobody asked for
     * @param mark whatever the strategy wants to find again
     * @return its id
     */
    public long add(long offsetUnits, long sizeUnits, long wasted, int mark) {
        int row = spare;
        if (row != NONE) {
            spare = offset[row];
        } else {
            if (rows == offset.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        offset[row] = (int) offsetUnits;
        tag[row] = mark;
        lessOne[row] = (int) (sizeUnits - 1);
        waste[row] = wasted;
        usedUnits += sizeUnits;
        wasteBytes += wasted;
        return id(row);
    }

    /** Forgets a live block. */
    public void remove(int row) {
        usedUnits -= size(row);
        wasteBytes -= waste[row];
        waste[row] = NO_BLOCK;
        generation[row] = (generation[row] + 1) & Integer.MAX_VALUE;
        offset[row] = spare;
        spare = row;
    }

    /** A live block has another size from now on. */
    public void resize(int row, long sizeUnits, long wasted) {
        usedUnits += sizeUnits - size(row);
        wasteBytes += wasted - waste[row];
        lessOne[row] = (int) (sizeUnits - 1);
        waste[row] = wasted;
    }

    /**
     * The row of a live block.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public int row(long id) {
        int row = (int) id;
        if (row < 0
                || row >= rows
                || waste[row] == NO_BLOCK
                || id >>> Integer.SIZE != generation[row]) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    /** The id of the block in a row. */
    public long id(int row) {
        return (long) generation[row] << Integer.SIZE | row;
    }

    /** Where a block begins, in units. */
    public long offset(int row) {
        return Integer.toUnsignedLong(offset[row]);
    }

    /** Size of a block, in units. */
    public long size(int row) {
        return Integer.toUnsignedLong(lessOne[row]) + 1;
    }

    /** What the strategy wanted to find again. */
    public int tag(int row) {
        return tag[row];
    }

    /** Remembers something else for a live block. */
    public void tag(int row, int mark) {
        tag[row] = mark;
    }

    /** Units of all live blocks. */
    public long usedUnits() {
        return usedUnits;
    }

    /** Bytes of all live blocks that nobody asked for. */
    public long wasteBytes() {
        return wasteBytes;
    }

    /** Shows every live block, offset and size in bytes. */
    public void forEach(BlockVisitor visitor) {
        for (int row = 0; row < rows; row++) {
            if (waste[row] != NO_BLOCK) {
                visitor.visit(id(row), offset(row) * UNIT_BYTES, size(row) * UNIT_BYTES);
            }
        }
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        lessOne = Arrays.copyOf(lessOne, capacity);
        waste = Arrays.copyOf(waste, capacity);
        tag = Arrays.copyOf(tag, capacity);
        generation = Arrays.copyOf(generation, capacity);
    }
}
