// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.memory.magazine.Takings;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/**
 * A shared block lives while somebody holds it, and goes back to the pool once, whoever attaches,
 * drops, dies and sweeps meanwhile.
 */
public final class SharedBlocksLincheckTest {

    private static final int BYTES = 1024;

    /* So many that sweeps meet. */
    private static final int GONE = 64;

    private final PlannedBlocks source = new PlannedBlocks();
    private final SharedBlocks blocks = new SharedBlocks(DomainId.of("shared"), source);
    private final Shared shared = blocks.share(source.take(BYTES, 16, false), BYTES);
    private boolean firstIsOver;

    /** For the checker. */
    public SharedBlocksLincheckTest() {
        blocks.leased(true);
        for (int i = 0; i < GONE; i++) {
            attachAndDie();
        }
    }

    /** Another task attaches it, and closes its hold. */
    @Operation
    public void attachAndClose() {
        if (attached()) {
            source.requireLive(shared);
            blocks.drop(shared);
        }
    }

    /** Another task attaches it, and ends without a word. */
    @Operation
    public void attachAndDie() {
        if (attached()) {
            source.requireLive(shared);
            blocks.orphan(shared, 0);
        }
    }

    /** The one who shared it closes its hold. */
    @Operation(nonParallelGroup = "first")
    public void closeFirst() {
        if (!firstIsOver) {
            firstIsOver = true;
            blocks.drop(shared);
        }
    }

    /** A collection, all leases have run out. */
    @Operation
    public void sweep() {
        blocks.dropOrphans();
    }

    private boolean attached() {
        try {
            return blocks.attach(shared.id()).equals(shared);
        } catch (RefusedException freed) {
            return false;
        }
    }

    /** At the end. */
    @Validate
    public void whatIsHeldIsThereAndNothingElse() {
        blocks.dropOrphans();
        long expected = firstIsOver ? 0 : BYTES;
        if (source.usedBytes() != expected || blocks.size() != (firstIsOver ? 0 : 1)) {
            throw new IllegalStateException(
                    source.usedBytes() + " bytes are used, not " + expected);
        }
    }

    @Test
    void itGoesBackOnceAndNotBeforeTheLastHold() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(SharedBlocksLincheckTest.class);
    }

    /** Blocks of the plan of a pool, without memory; a block released twice is refused there. */
    private static final class PlannedBlocks implements BlockSource {
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
}
