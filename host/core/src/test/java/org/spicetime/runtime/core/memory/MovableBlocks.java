// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.core.memory.handle.BlockState.State;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/** Movable blocks of a pool, each filled with a stamp of its own. */
final class MovableBlocks {
    private final DomainPool pool;
    private final HandleOwner owner = new HandleOwner(Pools.task(), 0, new BlockOwner(0));
    final Map<Movable, Byte> stamps = new LinkedHashMap<>();
    private byte nextStamp;

    MovableBlocks(DomainPool pool) {
        this.pool = pool;
    }

    /** A new one; the result of the failure if there is no room. */
    long add(long size, long align) {
        return pool.locked(() -> {
            PoolPlan plan = pool.mapped().plan();
            long block = plan.allocate(owner.account(), size, align);
            if (block >= 0) {
                plan.moves().letMove(block);
                Movable handle = new Movable(owner, size, align, block, plan.offset(block));
                pool.mapped().written(plan.offset(block), plan.size(block));
                segment(handle).fill(++nextStamp);
                stamps.put(handle, nextStamp);
                pool.handles().movables().add(handle);
            }
            return block;
        });
    }

    void free(Movable handle) {
        if (handle.tryFree() != State.RESIDENT) {
            throw new AssertionError("a block that is pinned was to be freed");
        }
        long block = handle.block();
        pool.handles().movables().remove(handle, block);
        boolean done =
                pool.locked(() -> {
                    pool.mapped().plan().release(block);
                    return true;
                });
        if (done) {
            stamps.remove(handle);
        }
    }

    void freeAll() {
        List.copyOf(stamps.keySet()).forEach(this::free);
    }

    /** Its bytes; for who pinned it, or holds the lock. */
    MemorySegment segment(Movable handle) {
        return pool.mapped().segment().asSlice(handle.offset(), handle.byteSize());
    }

    void assertContents() {
        stamps.forEach((handle, stamp) -> {
            while (handle.tryPin() == State.FROZEN) {
                handle.awaitThaw();
            }
            try {
                assertHolds(segment(handle), stamp);
            } finally {
                handle.unpin();
            }
        });
    }

    static void assertHolds(MemorySegment bytes, byte stamp) {
        for (long at = 0; at < bytes.byteSize(); at++) {
            if (bytes.get(JAVA_BYTE, at) != stamp) {
                throw new AssertionError("a foreign byte at " + at + " of " + bytes);
            }
        }
    }
}
