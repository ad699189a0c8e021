// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.handle.BlockSource;
import org.spicetime.runtime.core.memory.magazine.Takings;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.task.Now;

/** Blocks of a pool for the handles of one owner. Thread-safe. */
final class PoolBlocks implements BlockSource {
    private record Taken(MappedPool from, Block block, boolean clean) {}

    private final DomainPool pool;
    private final BlockOwner owner;
    private final @Nullable TaskArena arena;

    /* Where the pool lies while a block of the owner lives. */
    private volatile long base;

    /**
     * @param arena of the attempt whose blocks they are; null: they are the domain's
     */
    PoolBlocks(DomainPool pool, BlockOwner owner, @Nullable TaskArena arena) {
        this.pool = pool;
        this.owner = owner;
        this.arena = arena;
    }

    @Override
    public Block take(long size, long alignment, boolean movable) {
        Taken taken =
                pool.makingRoom(
                        size, alignment, () -> pool.locked(() -> place(size, alignment, movable)));
        base = taken.from().base();
        taken.from().zero(taken.block().offset(), size, taken.clean());
        return taken.block();
    }

    private Taken place(long size, long alignment, boolean movable) {
        MappedPool from = pool.openMapped();
        PoolPlan plan = from.plan();
        pool.checks().alignment(plan, alignment);
        long id = pool.place(owner, size, alignment);
        if (id < 0) {
            throw pool.checks().noRoom(plan, owner, id, size);
        }
        if (movable) {
            plan.moves().letMove(id);
        }
        if (arena != null) {
            pool.holdsBlocks(arena);
        }
        boolean clean = from.use(id, size);
        return new Taken(from, new Block(id, plan.offset(id)), clean);
    }

    @Override
    public Block take(long size, long alignment, boolean movable, Duration timeout)
            throws InterruptedException {
        return pool.reservations()
                .allocations()
                .await(() -> take(size, alignment, movable), Now.saturatedNanos(timeout));
    }

    @Override
    public @Nullable Takings takings() {
        return arena == null ? null : arena.takings();
    }

    @Override
    public void release(long block) {
        pool.release(block);
    }

    @Override
    public void keepBack(long block) {
        pool.keepBack(block);
    }

    @Override
    public long address(long offset) {
        return base + offset;
    }

    @Override
    public long usedBytes() {
        long lent = arena == null ? 0 : arena.lentBytes();
        return lent + read(() -> owner.bytes() + owner.swappedBytes());
    }

    @Override
    public long peakBytes() {
        return arena == null ? read(owner::peakBytes) : arena.peakBytes();
    }

    @Override
    public long quotaBytes() {
        return read(owner::quotaBytes);
    }

    @Override
    public long poolBytes() {
        return pool.poolBytes();
    }

    @Override
    public long mostAlignment() {
        return pool.read(() -> pool.mapped().plan().zoneBytes());
    }

    private long read(LongSupplier value) {
        return pool.read(value);
    }
}
