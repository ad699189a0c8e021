// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.magazine.Takings;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/** Blocks of the plan of a pool, without memory; a block released twice is refused there. */
final class PlannedBlocks implements BlockSource {
    private final PoolPlan plan = new PoolPlan(4L << 20);
    private final BlockOwner owner = new BlockOwner(0);

    @Override
    public synchronized Block take(long size, long alignment, boolean movable) {
        long id = plan.allocate(owner, size, alignment);
        return new Block(id, plan.offset(id));
    }

    @Override
    public Block take(long size, long alignment, boolean movable, Duration timeout) {
        return take(size, alignment, movable);
    }

    synchronized void requireLive(Shared held) {
        if (!plan.lives(held.block().id())) {
            throw new IllegalStateException("held, and not there any more");
        }
    }

    @Override
    public @Nullable Takings takings() {
        return null;
    }

    @Override
    public synchronized void release(long block) {
        plan.release(block);
    }

    @Override
    public void keepBack(long block) {
        throw new IllegalStateException("nothing is pinned here");
    }

    @Override
    public long address(long offset) {
        return offset;
    }

    @Override
    public synchronized long usedBytes() {
        return plan.usedBytes();
    }

    @Override
    public long peakBytes() {
        return usedBytes();
    }

    @Override
    public long quotaBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public synchronized long poolBytes() {
        return plan.poolBytes();
    }

    @Override
    public synchronized long mostAlignment() {
        return plan.zoneBytes();
    }
}
