// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.MemorySegment;
import org.spicetime.runtime.core.memory.swap.SwapPool;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.SwapLedger;

/** A pool as swapping uses it. Thread-safe. */
final class SwapAccess implements SwapPool {
    private final DomainPool pool;
    private final PoolChecks checks;

    /* Guarded by the lock of the pool. */
    private final SwapLedger ledger = new SwapLedger();

    SwapAccess(DomainPool pool, PoolChecks checks) {
        this.pool = pool;
        this.checks = checks;
    }

    /** Bytes that are swapped out; under the lock of the pool. */
    long swappedBytes() {
        return ledger.bytes();
    }

    @Override
    public MemorySegment bytes(long offset, long size) {
        return pool.locked(() -> pool.mapped().segment()).asSlice(offset, size);
    }

    @Override
    public long leave(BlockOwner owner, long block) {
        return pool.locked(() -> {
            PoolPlan plan = pool.mapped().plan();
            long size = plan.size(block);
            plan.release(block);
            ledger.left(owner, size);
            pool.reservations().roomMade();
            return size;
        });
    }

    @Override
    public Place enter(BlockOwner owner, long size, long alignment) {
        return pool.locked(() -> {
            pool.checkOpen();
            PoolPlan plan = pool.mapped().plan();
            long block = pool.place(owner, size, alignment);
            if (block < 0) {
                throw checks.noRoom(plan, owner, block, size);
            }
            plan.moves().letMove(block);
            pool.mapped().use(block, size);
            return new Place(block, plan.offset(block));
        });
    }

    @Override
    public void release(long block) {
        pool.release(block);
    }

    @Override
    public void settle(BlockOwner owner, long bytes) {
        boolean done =
                pool.locked(() -> {
                    ledger.settled(owner, bytes);
                    return true;
                });
        assert done;
    }
}
