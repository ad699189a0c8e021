// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import java.util.Arrays;

/**
 * The live blocks, one row each, in columns beside the pool. The id of a block is its row with a
 * generation in the high half, so a stale id is told from a live one.
 *
 * <p>Called by one thread at a time.
 */
final class LiveBlocks {
    private static final int FIRST_ROWS = 256;
    private static final int NONE = -1;

    private long[] offset = new long[FIRST_ROWS];
    private long[] size = new long[FIRST_ROWS];
    private byte[] waste = new byte[FIRST_ROWS];
    private int[] generation = new int[FIRST_ROWS];
    private int[] nextSpare = new int[FIRST_ROWS];
    private int rows;
    private int spare = NONE;

    long add(long blockOffset, long blockSize, int wasteBytes) {
        int row = spare;
        if (row != NONE) {
            spare = nextSpare[row];
        } else {
            if (rows == offset.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        offset[row] = blockOffset;
        size[row] = blockSize;
        waste[row] = (byte) wasteBytes;
        return id(row);
    }

    void remove(int row) {
        size[row] = 0;
        generation[row] = (generation[row] + 1) & Integer.MAX_VALUE;
        nextSpare[row] = spare;
        spare = row;
    }

    /** The row of a live block. */
    int row(long id) {
        int row = (int) id;
        if (row < 0 || row >= rows || size[row] == 0 || id >>> Integer.SIZE != generation[row]) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    int rows() {
        return rows;
    }

    boolean live(int row) {
        return size[row] != 0;
    }

    long id(int row) {
        return (long) generation[row] << Integer.SIZE | row;
    }

    long offset(int row) {
        return offset[row];
    }

    long size(int row) {
        return size[row];
    }

    int waste(int row) {
        return waste[row];
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        size = Arrays.copyOf(size, capacity);
        waste = Arrays.copyOf(waste, capacity);
        generation = Arrays.copyOf(generation, capacity);
        nextSpare = Arrays.copyOf(nextSpare, capacity);
    }
}
