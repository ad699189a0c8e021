// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.buddy;

import java.util.Arrays;

/**
 * The live blocks, one row each, in columns beside the pool. The id of a block is its row with a
 * generation in the high half, so a stale id is told from a live one.
 *
 * <p>Called by one thread at a time.
 */
final class LiveBlocks {
    private static final int FIRST_ROWS = 256;
    private static final byte NO_BLOCK = -1;
    private static final int NONE = -1;

    private long[] offset = new long[FIRST_ROWS];
    private long[] waste = new long[FIRST_ROWS];
    private byte[] order = new byte[FIRST_ROWS];
    private int[] generation = new int[FIRST_ROWS];
    private int[] nextSpare = new int[FIRST_ROWS];
    private int rows;
    private int spare = NONE;

    long add(long offsetUnits, int blockOrder, long wasteBytes) {
        int row = spare;
        if (row != NONE) {
            spare = nextSpare[row];
        } else {
            if (rows == offset.length) {
                grow(rows * 2);
            }
            row = rows++;
        }
        offset[row] = offsetUnits;
        order[row] = (byte) blockOrder;
        waste[row] = wasteBytes;
        return (long) generation[row] << Integer.SIZE | row;
    }

    void remove(int row) {
        order[row] = NO_BLOCK;
        generation[row] = (generation[row] + 1) & Integer.MAX_VALUE;
        nextSpare[row] = spare;
        spare = row;
    }

    /** The row of a live block. */
    int row(long id) {
        int row = (int) id;
        if (row < 0
                || row >= rows
                || order[row] == NO_BLOCK
                || id >>> Integer.SIZE != generation[row]) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    int rows() {
        return rows;
    }

    boolean live(int row) {
        return order[row] != NO_BLOCK;
    }

    long id(int row) {
        return (long) generation[row] << Integer.SIZE | row;
    }

    long offset(int row) {
        return offset[row];
    }

    int order(int row) {
        return order[row];
    }

    void order(int row, int blockOrder) {
        order[row] = (byte) blockOrder;
    }

    long waste(int row) {
        return waste[row];
    }

    void waste(int row, long bytes) {
        waste[row] = bytes;
    }

    private void grow(int capacity) {
        offset = Arrays.copyOf(offset, capacity);
        waste = Arrays.copyOf(waste, capacity);
        order = Arrays.copyOf(order, capacity);
        generation = Arrays.copyOf(generation, capacity);
        nextSpare = Arrays.copyOf(nextSpare, capacity);
    }
}
