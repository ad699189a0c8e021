// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/*
 * Columns, one row per block. A row that is free has no owner and is chained by `next`; the rows of
 * one owner are chained by `next` and `prev` from BlockOwner.firstBlock, and the owners with blocks
 * are chained among themselves. The id of a block is its
 * row with the number of times the row was used before in the high half, so a stale id is told from
 * a live one.
 */
/**
 * The host's own book of live blocks. What a strategy says about a block is written down here once,
 * after the guard agreed, and never asked again; so blocks outlive the strategy that placed them.
 *
 * <p>Guarded by the caller.
 */
final class BlockTable {
    /** As many blocks as one pool can have at once; {@link BlockAudit} counts on it. */
    static final int MOST_BLOCKS = 1 << 27;

    private static final int NONE = -1;
    private static final int FIRST_ROWS = 64;
    private static final int MOVABLE = 0x40;

    private long[] offsets = new long[FIRST_ROWS];
    private long[] sizes = new long[FIRST_ROWS];
    private long[] strategyIds = new long[FIRST_ROWS];

    /** Logarithm of the alignment, and {@link #MOVABLE}. */
    private byte[] traits = new byte[FIRST_ROWS];

    private int[] uses = new int[FIRST_ROWS];
    private int[] next = new int[FIRST_ROWS];
    private int[] prev = new int[FIRST_ROWS];
    private @Nullable Generation[] generations = new @Nullable Generation[FIRST_ROWS];
    private @Nullable BlockOwner[] owners = new @Nullable BlockOwner[FIRST_ROWS];
    private final OffsetIndex movable = new OffsetIndex();
    private int rows;
    private int firstFree = NONE;
    private @Nullable BlockOwner firstOwner;
    private long count;

    long add(
            long offset,
            long size,
            long align,
            long strategyId,
            Generation generation,
            BlockOwner owner) {
        int row = freeRow();
        offsets[row] = offset;
        sizes[row] = size;
        strategyIds[row] = strategyId;
        traits[row] = (byte) Long.numberOfTrailingZeros(align);
        generations[row] = generation;
        owners[row] = owner;
        prev[row] = NONE;
        next[row] = owner.firstBlock;
        if (owner.firstBlock != BlockOwner.NO_BLOCK) {
            prev[owner.firstBlock] = row;
        }
        owner.firstBlock = row;
        if (owner.blocks++ == 0) {
            link(owner);
        }
        owner.bytes += size;
        owner.peakBytes = Math.max(owner.peakBytes, owner.bytes);
        count++;
        return id(row);
    }

    void remove(int row) {
        BlockOwner owner = owner(row);
        if (prev[row] == NONE) {
            owner.firstBlock = next[row];
        } else {
            next[prev[row]] = next[row];
        }
        if (next[row] != NONE) {
            prev[next[row]] = prev[row];
        }
        if (movable(row)) {
            movable.remove(offsets[row]);
        }
        if (--owner.blocks == 0) {
            unlink(owner);
        }
        owner.bytes -= sizes[row];
        owners[row] = null;
        generations[row] = null;
        uses[row] = (uses[row] + 1) & Integer.MAX_VALUE;
        next[row] = firstFree;
        firstFree = row;
        count--;
    }

    /** Lets a block be moved from now on. Twice does nothing. */
    void letMove(int row) {
        if (!movable(row)) {
            traits[row] |= MOVABLE;
            movable.add(offsets[row], row);
        }
    }

    /** A movable block lies elsewhere now. */
    void moved(int row, long offset, long size, long strategyId, Generation generation) {
        movable.remove(offsets[row]);
        movable.add(offset, row);
        BlockOwner owner = owner(row);
        owner.bytes += size - sizes[row];
        owner.peakBytes = Math.max(owner.peakBytes, owner.bytes);
        offsets[row] = offset;
        sizes[row] = size;
        strategyIds[row] = strategyId;
        generations[row] = generation;
    }

    /** The row of the movable block at an offset; {@link OffsetIndex#NONE}: none begins there. */
    int movableAt(long offset) {
        return movable.row(offset);
    }

    boolean movable(int row) {
        return (traits[row] & MOVABLE) != 0;
    }

    /** What the offset of a block is a multiple of, as it was asked for. */
    long align(int row) {
        return 1L << (traits[row] & MOVABLE - 1);
    }

    /** Rows that were ever used; all others hold no block. */
    int rows() {
        return rows;
    }

    boolean live(int row) {
        return owners[row] != null;
    }

    long movableCount() {
        return movable.count();
    }

    /**
     * The row of a live block.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    int row(long id) {
        int row = (int) id;
        if (row < 0 || row >= rows || owners[row] == null || id >>> Integer.SIZE != uses[row]) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return row;
    }

    long id(int row) {
        return (long) uses[row] << Integer.SIZE | row;
    }

    long offset(int row) {
        return offsets[row];
    }

    long size(int row) {
        return sizes[row];
    }

    long strategyId(int row) {
        return strategyIds[row];
    }

    Generation generation(int row) {
        @Nullable Generation generation = generations[row];
        if (generation == null) {
            throw new IllegalStateException("row " + row + " holds no block");
        }
        return generation;
    }

    BlockOwner owner(int row) {
        @Nullable BlockOwner owner = owners[row];
        if (owner == null) {
            throw new IllegalStateException("row " + row + " holds no block");
        }
        return owner;
    }

    long count() {
        return count;
    }

    /** Shows everybody who holds a block. */
    void forEachOwner(Consumer<BlockOwner> visitor) {
        for (@Nullable BlockOwner owner = firstOwner; owner != null; owner = owner.nextOwner) {
            visitor.accept(owner);
        }
    }

    private void link(BlockOwner owner) {
        owner.nextOwner = firstOwner;
        if (firstOwner != null) {
            firstOwner.previousOwner = owner;
        }
        firstOwner = owner;
    }

    private void unlink(BlockOwner owner) {
        if (owner.previousOwner == null) {
            firstOwner = owner.nextOwner;
        } else {
            owner.previousOwner.nextOwner = owner.nextOwner;
        }
        if (owner.nextOwner != null) {
            owner.nextOwner.previousOwner = owner.previousOwner;
        }
        owner.nextOwner = null;
        owner.previousOwner = null;
    }

    /** Shows the rows of all live blocks. */
    void forEachRow(IntConsumer visitor) {
        for (int row = 0; row < rows; row++) {
            if (owners[row] != null) {
                visitor.accept(row);
            }
        }
    }

    /** Shows the rows of all blocks of an owner. */
    void forEachRowOf(BlockOwner owner, IntConsumer visitor) {
        for (int row = owner.firstBlock; row != BlockOwner.NO_BLOCK; row = next[row]) {
            visitor.accept(row);
        }
    }

    /** Where the last live block ends; 0: there is none. */
    long lastEnd() {
        long end = 0;
        for (int row = 0; row < rows; row++) {
            if (owners[row] != null) {
                end = Math.max(end, offsets[row] + sizes[row]);
            }
        }
        return end;
    }

    private int freeRow() {
        if (firstFree != NONE) {
            int row = firstFree;
            firstFree = next[row];
            return row;
        }
        if (rows == offsets.length) {
            int larger = rows * 2;
            offsets = Arrays.copyOf(offsets, larger);
            sizes = Arrays.copyOf(sizes, larger);
            strategyIds = Arrays.copyOf(strategyIds, larger);
            traits = Arrays.copyOf(traits, larger);
            uses = Arrays.copyOf(uses, larger);
            next = Arrays.copyOf(next, larger);
            prev = Arrays.copyOf(prev, larger);
            generations = Arrays.copyOf(generations, larger);
            owners = Arrays.copyOf(owners, larger);
        }
        return rows++;
    }
}
