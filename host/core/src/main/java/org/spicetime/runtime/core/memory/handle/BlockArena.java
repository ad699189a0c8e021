// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.magazine.Takings;

/**
 * An arena whose segments come from the pool and go back when it is closed. Called by the thread
 * that opened it; ended by any when that one has ended.
 */
final class BlockArena extends Held implements Arena {
    private static final int FIRST_BLOCKS = 8;
    private static final long[] NO_BLOCKS = {};

    /** Blocks of magazines lie at multiples of this. */
    private static final long MAGAZINE_ALIGNMENT = 16;

    private final Arena scope = Arena.ofConfined();
    private final Thread thread = Thread.currentThread();
    private final @Nullable Takings takings;
    private int taken = Takings.NONE;
    private long[] blocks = NO_BLOCKS;
    private int count;
    private int segments;
    private long bytes;

    BlockArena(TaskHandles holder) {
        super(holder);
        takings = holder.blocks().takings();
    }

    @Override
    @SuppressWarnings("restricted")
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("size must not be negative, was " + byteSize);
        }
        if (byteAlignment <= 0 || Long.bitCount(byteAlignment) != 1) {
            throw new IllegalArgumentException(
                    "alignment must be a power of two, was " + byteAlignment);
        }
        if (Thread.currentThread().threadId() != thread.threadId()) {
            throw new WrongThreadException(what() + " belongs to thread " + thread.getName());
        }
        if (!scope.scope().isAlive() || holder.ended()) {
            throw gone();
        }
        long wanted = Math.max(byteSize, 1);
        if (takings != null && byteAlignment <= MAGAZINE_ALIGNMENT) {
            int head = takings.take(wanted, taken);
            if (head != Takings.NONE) {
                taken = head;
                segments++;
                bytes += byteSize;
                return MemorySegment.ofAddress(takings.address())
                        .reinterpret(byteSize, scope, null)
                        .fill((byte) 0);
            }
        }
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, Math.max(FIRST_BLOCKS, 2 * count));
        }
        BlockSource.Block block = holder.blocks().take(wanted, byteAlignment, false);
        blocks[count++] = block.id();
        segments++;
        bytes += byteSize;
        return MemorySegment.ofAddress(holder.blocks().address(block.offset()))
                .reinterpret(byteSize, scope, null);
    }

    @Override
    public MemorySegment.Scope scope() {
        return scope.scope();
    }

    /**
     * Gives the blocks back at once.
     *
     * @throws IllegalStateException if it is closed already, or something holds a segment of it
     * @throws WrongThreadException on another thread than the one that opened it
     */
    @Override
    public void close() {
        scope.close();
        holder.forget(this);
        if (takings != null && taken != Takings.NONE) {
            takings.giveBack(taken);
        }
        for (int i = 0; i < count; i++) {
            holder.blocks().release(blocks[i]);
        }
        count = 0;
    }

    @Override
    void end() {
        if (!thread.isAlive() || !scope.scope().isAlive()) {
            return;
        }
        try {
            scope.close();
        } catch (IllegalStateException | WrongThreadException reached) {
            if (takings != null) {
                takings.leave(taken, holder.blocks()::keepBack);
            }
            for (int i = 0; i < count; i++) {
                holder.blocks().keepBack(blocks[i]);
            }
        }
    }

    @Override
    String what() {
        return "an arena with " + bytes + " bytes in " + segments + " segments";
    }

    @Override
    String kind() {
        return "arenas";
    }

    @Override
    boolean leaks() {
        return scope.scope().isAlive();
    }

    @Override
    long leakedBytes() {
        return bytes;
    }
}
