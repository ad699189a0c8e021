// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A block that may be moved and swapped out, and where it is now. The place is written only by who
 * froze it (or made it), and read by who pinned or froze it; the state word orders the two.
 */
public final class Movable extends BlockState {
    /** Not in the pool: it is swapped out. */
    public static final long NO_BLOCK = -1;

    private final HandleOwner owner;
    private final long byteSize;
    private final long alignment;

    /* Written while frozen; volatile for those who only look. */
    private volatile long block;
    private volatile long offset;
    private volatile long swapSlot = -1;

    /* Null for a moment at first. */
    private volatile @Nullable MovableHandle handle;

    /* Counted by pins without order: a hint for LFU. */
    private int uses;

    /**
     * A block in the pool.
     *
     * @param owner whose
     * @param byteSize as asked for, positive
     * @param alignment of its address, a power of two
     * @param block its id in the plan of the pool
     * @param offset where it begins in the pool, bytes
     */
    public Movable(HandleOwner owner, long byteSize, long alignment, long block, long offset) {
        this.owner = Objects.requireNonNull(owner, "owner");
        this.byteSize = byteSize;
        this.alignment = alignment;
        this.block = block;
        this.offset = offset;
    }

    /** Whose it is. */
    public HandleOwner owner() {
        return owner;
    }

    /** Size as asked for, bytes. */
    public long byteSize() {
        return byteSize;
    }

    /** Alignment as asked for, bytes. */
    public long alignment() {
        return alignment;
    }

    /** Its id in the plan of the pool; {@link #NO_BLOCK}: swapped out. */
    public long block() {
        return block;
    }

    /** Where it begins in the pool, bytes; without meaning while it is swapped out. */
    public long offset() {
        return offset;
    }

    /** Where its bytes are in the swap file, as the swap file counts; negative: nowhere. */
    public long swapSlot() {
        return swapSlot;
    }

    /** How often it was pinned, about. */
    public int uses() {
        return uses;
    }

    /** Forgets a part of the uses, as an ageing LFU does. */
    public void halveUses() {
        uses >>>= 1;
    }

    /** Frozen: its bytes were copied, and it is there now. The block is still the same. */
    public void moved(long newOffset) {
        offset = newOffset;
    }

    /**
     * Frozen: its bytes are in the swap file, and its block was given back. {@code swappedOut}
     * follows.
     */
    public void left(long slot) {
        swapSlot = slot;
        block = NO_BLOCK;
    }

    /** Frozen: its bytes are in that block. {@code thaw} follows. */
    public void cameBack(long newBlock, long newOffset) {
        block = newBlock;
        offset = newOffset;
        swapSlot = -1;
    }

    void handle(MovableHandle whose) {
        handle = whose;
    }

    /** Its pins that last longer than their deadline. */
    List<BlockPin> overduePins(long nowNanos) {
        MovableHandle known = handle;
        return known == null ? List.of() : known.overduePins(nowNanos);
    }

    void used() {
        uses++;
    }
}
