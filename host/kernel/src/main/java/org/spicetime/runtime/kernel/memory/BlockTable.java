// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/*
 * One row per block, half a line of the processor's cache, because a row is touched as a whole and hardly
 * ever twice in a row; columns would cost a line each. A row that is free has no owner and is chained by
 * its links; the rows of one owner are chained both ways from BlockOwner.firstBlock, and the owners with blocks
 * are chained among themselves. The id of a block is
 * its row with the number of times the row was used before in the high half, so a stale id is told from a
 * live one.
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

    private static final int ROW_SHIFT = 2;
    private static final int STRATEGY_ID = 0;

    /** Offset in granules above, the number of uses below. */
    private static final int OFFSET_AND_USES = 1;

    private static final int USES_BITS = 28;
    private static final int USES = (1 << USES_BITS) - 1;

    /** Size in granules above; logarithm of the alignment and {@link #MOVABLE} below. */
    private static final int SIZE_AND_TRAITS = 2;

    private static final int TRAITS_BITS = 8;
    private static final int TRAITS = (1 << TRAITS_BITS) - 1;

    /** The next row in the low half, the one before in the high half. */
    private static final int LINKS = 3;

    private static final int OWNER = 0;
    private static final int GENERATION = 1;

    private long[] cells = new long[FIRST_ROWS << ROW_SHIFT];
    private @Nullable Object[] holders = new @Nullable Object[FIRST_ROWS << 1];
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
        put(row, STRATEGY_ID, strategyId);
        put(row, OFFSET_AND_USES, granules(offset) << USES_BITS | uses(row));
        put(
                row,
                SIZE_AND_TRAITS,
                granules(size) << TRAITS_BITS | Long.numberOfTrailingZeros(align));
        holders[(row << 1) + OWNER] = owner;
        holders[(row << 1) + GENERATION] = generation;
        join(row, owner, size);
        count++;
        return id(row);
    }

    private void join(int row, BlockOwner owner, long size) {
        links(row, owner.firstBlock, NONE);
        if (owner.firstBlock != BlockOwner.NO_BLOCK) {
            links(owner.firstBlock, next(owner.firstBlock), row);
        }
        owner.firstBlock = row;
        if (owner.blocks++ == 0) {
            link(owner);
        }
        owner.bytes += size;
        owner.peakBytes = Math.max(owner.peakBytes, owner.bytes);
    }

    void remove(int row) {
        if (movable(row)) {
            movable.remove(offset(row));
        }
        leave(row);
        holders[(row << 1) + OWNER] = null;
        holders[(row << 1) + GENERATION] = null;
        put(row, OFFSET_AND_USES, (uses(row) + 1) & USES);
        links(row, firstFree, NONE);
        firstFree = row;
        count--;
    }

    private void leave(int row) {
        BlockOwner owner = owner(row);
        int next = next(row);
        int prev = prev(row);
        if (prev == NONE) {
            owner.firstBlock = next;
        } else {
            links(prev, next, prev(prev));
        }
        if (next != NONE) {
            links(next, next(next), prev);
        }
        if (--owner.blocks == 0) {
            unlink(owner);
        }
        owner.bytes -= size(row);
    }

    /** Puts a block down to another owner. */
    void handOver(int row, BlockOwner to) {
        leave(row);
        holders[(row << 1) + OWNER] = to;
        join(row, to, size(row));
    }

    /** Lets a block be moved from now on. Twice does nothing. */
    void letMove(int row) {
        if (!movable(row)) {
            put(row, SIZE_AND_TRAITS, get(row, SIZE_AND_TRAITS) | MOVABLE);
            movable.add(offset(row), row);
        }
    }

    /** A movable block lies elsewhere now. */
    void moved(int row, long offset, long size, long strategyId, Generation generation) {
        movable.remove(offset(row));
        movable.add(offset, row);
        BlockOwner owner = owner(row);
        owner.bytes += size - size(row);
        owner.peakBytes = Math.max(owner.peakBytes, owner.bytes);
        put(row, STRATEGY_ID, strategyId);
        put(row, OFFSET_AND_USES, granules(offset) << USES_BITS | uses(row));
        put(row, SIZE_AND_TRAITS, granules(size) << TRAITS_BITS | traits(row));
        holders[(row << 1) + GENERATION] = generation;
    }

    /** The row of the movable block at an offset; {@link OffsetIndex#NONE}: none begins there. */
    int movableAt(long offset) {
        return movable.row(offset);
    }

    boolean movable(int row) {
        return (traits(row) & MOVABLE) != 0;
    }

    /** What the offset of a block is a multiple of, as it was asked for. */
    long align(int row) {
        return 1L << (traits(row) & MOVABLE - 1);
    }

    /** Rows that were ever used; all others hold no block. */
    int rows() {
        return rows;
    }

    boolean live(int row) {
        return holders[(row << 1) + OWNER] != null;
    }

    long movableCount() {
        return movable.count();
    }

    /** Whether a block of that id lives. */
    boolean lives(long id) {
        int row = (int) id;
        return row >= 0 && row < rows && id >>> Integer.SIZE == uses(row) && live(row);
    }

    /**
     * The row of a live block.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    int row(long id) {
        if (!lives(id)) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return (int) id;
    }

    long id(int row) {
        return uses(row) << Integer.SIZE | row;
    }

    long offset(int row) {
        return (get(row, OFFSET_AND_USES) >>> USES_BITS) * OverlapGuard.GRANULE_BYTES;
    }

    long size(int row) {
        return (get(row, SIZE_AND_TRAITS) >>> TRAITS_BITS) * OverlapGuard.GRANULE_BYTES;
    }

    long strategyId(int row) {
        return get(row, STRATEGY_ID);
    }

    Generation generation(int row) {
        if (holders[(row << 1) + GENERATION] instanceof Generation generation) {
            return generation;
        }
        throw noBlock(row);
    }

    BlockOwner owner(int row) {
        if (holders[(row << 1) + OWNER] instanceof BlockOwner owner) {
            return owner;
        }
        throw noBlock(row);
    }

    private static IllegalStateException noBlock(int row) {
        return new IllegalStateException("row " + row + " holds no block");
    }

    private static long granules(long bytes) {
        return bytes / OverlapGuard.GRANULE_BYTES;
    }

    private long get(int row, int cell) {
        return cells[(row << ROW_SHIFT) + cell];
    }

    private void put(int row, int cell, long value) {
        cells[(row << ROW_SHIFT) + cell] = value;
    }

    private long uses(int row) {
        return get(row, OFFSET_AND_USES) & USES;
    }

    private int traits(int row) {
        return (int) get(row, SIZE_AND_TRAITS) & TRAITS;
    }

    private int next(int row) {
        return (int) get(row, LINKS);
    }

    private int prev(int row) {
        return (int) (get(row, LINKS) >>> Integer.SIZE);
    }

    private void links(int row, int next, int prev) {
        put(row, LINKS, (long) prev << Integer.SIZE | next & 0xFFFF_FFFFL);
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
            if (live(row)) {
                visitor.accept(row);
            }
        }
    }

    /** Shows the rows of all blocks of an owner. */
    void forEachRowOf(BlockOwner owner, IntConsumer visitor) {
        for (int row = owner.firstBlock; row != BlockOwner.NO_BLOCK; row = next(row)) {
            visitor.accept(row);
        }
    }

    /** Where the last live block ends; 0: there is none. */
    long lastEnd() {
        long end = 0;
        for (int row = 0; row < rows; row++) {
            if (live(row)) {
                end = Math.max(end, offset(row) + size(row));
            }
        }
        return end;
    }

    private int freeRow() {
        if (firstFree != NONE) {
            int row = firstFree;
            firstFree = next(row);
            return row;
        }
        if (rows << ROW_SHIFT == cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
            holders = Arrays.copyOf(holders, holders.length * 2);
        }
        return rows++;
    }
}
