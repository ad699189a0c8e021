// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.function.Supplier;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.core.memory.collect.CollectedPool;
import org.spicetime.runtime.core.memory.collect.CopyingMover;
import org.spicetime.runtime.core.memory.collect.PoolBytes;
import org.spicetime.runtime.core.memory.collect.StepTimer;
import org.spicetime.runtime.kernel.memory.BlockMoves;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/** What a collection does to a pool, each call once under its lock. Thread-safe. */
final class PoolSteps implements CollectedPool {
    /** Most bytes moved in one step, also where there is no pause goal. */
    private static final long MOST_MOVED = 16L << 20;

    /** Bytes whose pages go back at a time; takes some ten microseconds. */
    private static final long DISCARDED_AT_ONCE = 1L << 20;

    private final DomainPool pool;

    PoolSteps(DomainPool pool) {
        this.pool = pool;
    }

    @Override
    public long reclaimAbandoned() {
        long bytes = pool.handles().sweep();
        for (TaskArena arena : pool.abandoned()) {
            bytes += arena.reclaim().bytes();
        }
        return bytes;
    }

    @Override
    public boolean moveStep(Motion motion, CopyingMover mover, StepTimer timer) {
        return usable(
                false,
                () -> {
                    mover.enter(new Bytes(pool.mapped()), timer);
                    try {
                        BlockMoves moves = pool.mapped().plan().moves();
                        return switch (motion) {
                            case MIGRATE -> moves.migrateStep(mover, MOST_MOVED);
                            case COMPACT -> moves.compactStep(mover, MOST_MOVED);
                        };
                    } finally {
                        mover.leave();
                        pool.reservations().roomMade();
                    }
                });
    }

    private record Bytes(MappedPool mapped) implements PoolBytes {
        @Override
        public MemorySegment segment() {
            return mapped.segment();
        }

        @Override
        public void written(long offset, long size) {
            mapped.written(offset, size);
        }
    }

    @Override
    public boolean compactable() {
        return usable(
                false,
                () -> {
                    BlockMoves moves = pool.mapped().plan().moves();
                    return moves.movableBlocks() > 0 && moves.planned();
                });
    }

    @Override
    public long largestFreeBytes() {
        return ofPlan(0L, PoolPlan::largestFreeBytes);
    }

    @Override
    public long availableBytes() {
        return ofPlan(0L, PoolPlan::availableBytes);
    }

    @Override
    public long usedBytes() {
        return ofPlan(0L, PoolPlan::usedBytes);
    }

    @Override
    public double occupancy() {
        return ofPlan(0.0, plan -> (double) plan.usedBytes() / Math.max(1, plan.totalBytes()));
    }

    @Override
    public long liveBlocks() {
        return ofPlan(0L, PoolPlan::liveBlocks);
    }

    @Override
    public void audit(StepTimer timer) {
        ofPlan(
                false,
                plan -> {
                    timer.begin();
                    plan.audit();
                    timer.end();
                    return true;
                });
    }

    @Override
    public int zones() {
        return ofPlan(0, plan -> plan.zones().count());
    }

    @Override
    public boolean returnable(int zone) {
        return usable(false, () -> pool.mapped().returnable(zone));
    }

    @Override
    public long discardStep(int zone, long from, StepTimer timer) {
        return usable(
                0L,
                () -> {
                    timer.begin();
                    try {
                        return pool.mapped().discard(zone, from, DISCARDED_AT_ONCE);
                    } finally {
                        timer.end();
                    }
                });
    }

    @Override
    public MemoryMetrics collected() {
        return pool.collected();
    }

    private <T> T ofPlan(T otherwise, Function<PoolPlan, T> work) {
        return usable(otherwise, () -> work.apply(pool.mapped().plan()));
    }

    private <T> T usable(T otherwise, Supplier<T> work) {
        return pool.locked(() -> pool.isUsable() ? work.get() : otherwise);
    }
}
