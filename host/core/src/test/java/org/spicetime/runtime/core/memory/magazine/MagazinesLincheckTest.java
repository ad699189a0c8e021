// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.kernel.memory.BlockOwner;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/**
 * Threads that share magazines take, give back and drain; the strategy changes meanwhile. No block
 * is anybody's twice, and at the end exactly what is taken and parked is claimed.
 */
public final class MagazinesLincheckTest {
    private static final long POOL_BYTES = 4L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final PoolPlan plan = new PoolPlan(POOL_BYTES);
    private final Magazines magazines = new Magazines(new PlanDepot(), 1);
    private final BlockOwner account = new BlockOwner(0);
    private final ConcurrentHashMap<Long, Boolean> taken = new ConcurrentHashMap<>();

    /* Two attempts whose thread may be any: the checker's threads hand them around. */
    private final ConcurrentLinkedQueue<Takings> idle = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Held> held = new ConcurrentLinkedQueue<>();

    private record Held(Takings takings, int row, long address) {}

    /** For the checker. */
    public MagazinesLincheckTest() {
        for (int i = 0; i < 3; i++) {
            idle.add(magazines.open(account));
        }
    }

    /** Takes a block that is nobody else's. */
    @Operation
    public boolean take() {
        Takings takings = idle.poll();
        if (takings == null) {
            return true;
        }
        int row = takings.take(1024, Takings.NONE);
        boolean fresh = true;
        if (row != Takings.NONE) {
            long address = takings.address();
            fresh = taken.put(address, true) == null;
            held.add(new Held(takings, row, address));
        }
        idle.add(takings);
        return fresh;
    }

    /** Gives one back. */
    @Operation
    public boolean giveBack() {
        Held one = held.poll();
        if (one == null) {
            return true;
        }
        boolean was = taken.remove(one.address()) != null;
        one.takings().giveBack(one.row());
        return was;
    }

    /** Pressure. */
    @Operation
    public void drain() {
        magazines.drain();
    }

    /** Another strategy. */
    @Operation
    public void renew() {
        lock.lock();
        try {
            magazines.renew();
        } finally {
            lock.unlock();
        }
    }

    /** At the end. */
    @Validate
    public void whatIsTakenAndParkedIsClaimed() {
        long expected = taken.size() * 1024L + magazines.parkedBytes();
        if (plan.usedBytes() != expected) {
            throw new IllegalStateException(plan.usedBytes() + " claimed, not " + expected);
        }
    }

    @Test
    void noBlockIsAnybodysTwiceAndNoneIsLost() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(4)
                .check(MagazinesLincheckTest.class);
    }

    private final class PlanDepot implements Depot {
        @Override
        public long locked(LongSupplier work) {
            lock.lock();
            try {
                return work.getAsLong();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean suits() {
            return true;
        }

        @Override
        public long allocate(BlockOwner owner, long size) {
            return plan.allocate(owner, size, 16);
        }

        @Override
        public long offset(long block) {
            return plan.offset(block);
        }

        @Override
        public long size(long block) {
            return plan.size(block);
        }

        @Override
        public void release(long block) {
            plan.release(block);
        }

        @Override
        public void handOver(long block, BlockOwner to) {
            plan.handOver(block, to);
        }

        @Override
        public long base() {
            return 0;
        }

        @Override
        public long totalBytes() {
            return plan.totalBytes();
        }

        @Override
        public long availableBytes() {
            return plan.availableBytes();
        }
    }
}
