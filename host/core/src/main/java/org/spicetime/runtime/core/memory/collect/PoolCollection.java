// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.spicetime.runtime.core.memory.collect.CollectedPool.Motion;

/** One collection of a pool, in steps. Used once, by one thread. */
final class PoolCollection {
    /** Steps in a row that may move nothing, and one more for so many blocks. */
    private static final long IDLE_STEPS = 16;

    private static final long BLOCKS_PER_IDLE_STEP = 512;

    private static final long SHORTEST_NAP_NANOS = 1_000;

    /** Time of the lock that comparing one block takes, about. */
    private static final long AUDIT_NANOS_PER_BLOCK = 500;

    private final CollectedPool pool;
    private final CopyingMover mover;
    private final StepTimer timer;
    private final BooleanSupplier stopped;
    private final boolean gentle;
    private final long movedBefore;
    private long reclaimedBytes;

    /**
     * @param stopped asked between steps
     * @param gentle whether others should have the lock as long as the collection has it
     */
    PoolCollection(
            CollectedPool pool,
            CopyingMover mover,
            StepTimer timer,
            BooleanSupplier stopped,
            boolean gentle) {
        this.pool = pool;
        this.mover = mover;
        this.timer = timer;
        this.stopped = stopped;
        this.gentle = gentle;
        movedBefore = mover.movedBytes();
    }

    long movedBytes() {
        return mover.movedBytes() - movedBefore;
    }

    long reclaimedBytes() {
        return reclaimedBytes;
    }

    void reclaim() {
        reclaimedBytes += pool.reclaimAbandoned();
    }

    /** Empties zones of former strategies as far as their blocks may be moved. */
    void migrate() {
        move(Motion.MIGRATE, Long.MAX_VALUE);
    }

    /** Moves blocks until nothing more is gained, or a free piece is large enough. */
    void compact(long enoughBytes) {
        if (move(Motion.MIGRATE, enoughBytes)) {
            move(Motion.COMPACT, enoughBytes);
        }
    }

    /** Whether it is worth going on. */
    private boolean move(Motion motion, long enoughBytes) {
        long mostIdle = IDLE_STEPS + pool.liveBlocks() / BLOCKS_PER_IDLE_STEP;
        long most = movedBytes() + 2 * pool.usedBytes();
        long idle = 0;
        while (!stopped.getAsBoolean()) {
            if (pool.largestFreeBytes() >= enoughBytes) {
                return false;
            }
            long before = mover.movedBytes();
            boolean more = pool.moveStep(motion, mover, timer);
            idle = mover.movedBytes() > before ? 0 : idle + 1;
            if (!more || idle > mostIdle || movedBytes() > most) {
                return true;
            }
            letOthersIn();
        }
        return false;
    }

    /** Compares the strategy's blocks with the book, if that fits into a step. */
    void audit() {
        if (pool.liveBlocks() * AUDIT_NANOS_PER_BLOCK <= timer.goal()) {
            pool.audit(timer);
        }
    }

    /** Returns free zones to the machine, those that are due. */
    void discard(ZoneDecay decay, long now) {
        for (int zone = 0; zone < pool.zones() && !stopped.getAsBoolean(); zone++) {
            if (decay.due(zone, pool.returnable(zone), now)) {
                long from = 0;
                do {
                    from = pool.discardStep(zone, from, timer);
                    letOthersIn();
                } while (from > 0);
            }
        }
    }

    private void letOthersIn() {
        LockSupport.parkNanos(this, gentle ? timer.lastNanos() : SHORTEST_NAP_NANOS);
    }
}
