// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.core.guard.GuardedLock;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.StrategyBinding;
import org.spicetime.runtime.kernel.memory.StrategyTrial;

/**
 * Other sizes of a pool, one change at a time. A pool grows and shrinks where it lies, with its
 * blocks; where memory cannot do that, other memory is taken while no block lives. Thread-safe.
 */
final class PoolSizes {
    /** How long a pool that shrinks waits for blocks beyond its new size. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final DomainPool pool;
    private final PoolChecks checks;
    private final GuardedLock lock;
    private final LongSupplier nanoTime;
    private final Condition look;
    private final ReentrantLock turn = new ReentrantLock();

    PoolSizes(DomainPool pool, PoolChecks checks, GuardedLock lock, LongSupplier nanoTime) {
        this.pool = pool;
        this.checks = checks;
        this.lock = lock;
        this.nanoTime = nanoTime;
        look = lock.newCondition();
    }

    void change(long wanted) {
        turn.lock();
        try {
            long former = pool.poolBytes();
            if (wanted == former) {
                return;
            }
            checks.size(wanted);
            if (wanted > former) {
                checks.backed(wanted, pool.locked(() -> pool.mapped().residentBytes()));
            }
            swapOut(wanted);
            pool.locked(() -> fits(wanted));
            StrategyBinding binding = pool.activeBinding();
            AllocationStrategy strategy = StrategyTrial.prepare(binding, wanted);
            if (reach(Math.max(former, wanted))) {
                changeInPlace(former, wanted, binding, strategy);
            } else {
                changeMemory(wanted, binding);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Swaps out what does not fit into a smaller size, as far as there is what may be. */
    private void swapOut(long wanted) {
        long deadline = nanoTime.getAsLong() + PATIENCE.toNanos();
        long made = 1;
        while (made > 0 && nanoTime.getAsLong() - deadline < 0) {
            long over =
                    pool.locked(() -> {
                        PoolPlan plan = pool.mapped().plan();
                        return plan.usedBytes() + plan.reservedBytes() - wanted;
                    });
            made = over > 0 ? pool.swap().makeRoom(over) : 0;
        }
    }

    /** Refuses a size below use; nothing else changes that under a lock. */
    private boolean fits(long wanted) {
        pool.checkOpen();
        pool.magazines().drainInside();
        PoolPlan plan = pool.mapped().plan();
        if (plan.usedBytes() + plan.reservedBytes() > wanted) {
            throw checks.belowUse(plan, wanted);
        }
        return true;
    }

    private boolean reach(long poolBytes) {
        return pool.locked(() -> {
            pool.checkOpen();
            long needed = PoolPlan.mappedBytes(poolBytes);
            return pool.mapped().reach(Math.max(needed, pool.mapped().plan().mappedBytes()));
        });
    }

    private void changeInPlace(
            long former, long wanted, StrategyBinding binding, AllocationStrategy strategy) {
        try {
            pool.locked(() -> {
                fits(wanted);
                PoolPlan plan = pool.mapped().plan();
                if (!plan.binding().equals(binding)) {
                    throw RefusedException.conflict(
                            "the strategy of the pool was replaced meanwhile; try again");
                }
                plan.resize(wanted, binding, strategy);
                return true;
            });
            if (!drained()) {
                restore(former);
                throw pool.locked(() -> checks.notEmptied(pool.mapped().plan(), wanted));
            }
            pool.resized();
        } finally {
            trim();
        }
    }

    /**
     * Moves and swaps out, block by block, and waits for the others, until no block lies beyond the
     * size; false: it took too long.
     */
    private boolean drained() {
        long deadline = nanoTime.getAsLong() + PATIENCE.toNanos();
        boolean interrupted = false;
        boolean late = false;
        while (true) {
            pool.collector().migrate();
            lock.lock();
            try {
                pool.magazines().drainInside();
                if (pool.mapped().plan().trim()) {
                    return true;
                }
                late = nanoTime.getAsLong() - deadline >= 0;
                if (!interrupted && !late) {
                    look.awaitNanos(LOOK_NANOS);
                }
            } catch (InterruptedException stop) {
                interrupted = true;
            } finally {
                lock.unlock();
            }
            if (interrupted || late) {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return false;
            }
            pool.swap().makeRoom(1);
        }
    }

    private void restore(long former) {
        StrategyBinding binding = pool.activeBinding();
        AllocationStrategy strategy;
        try {
            strategy = StrategyTrial.prepare(binding, former);
        } catch (RefusedException unusable) {
            pool.fallBack(
                    EjectionReason.EXCEPTION,
                    "no new instance of it could be made: " + unusable.getMessage());
            restore(former);
            return;
        }
        boolean restored =
                pool.locked(() -> {
                    PoolPlan plan = pool.mapped().plan();
                    boolean same = plan.binding().equals(binding);
                    if (same) {
                        plan.restoreSize(former, binding, strategy);
                    }
                    return same;
                });
        if (!restored) {
            restore(former);
        }
    }

    /** What the pool does not need goes back to the machine, in steps. */
    private void trim() {
        boolean more = true;
        while (more) {
            more = pool.locked(() -> pool.isUsable() && pool.mapped().trimSome());
        }
    }

    private void changeMemory(long wanted, StrategyBinding binding) {
        PoolPlan plan = checks.plan(wanted);
        if (!binding.name().equals(plan.binding().name())) {
            plan.install(binding, StrategyTrial.prepare(binding, plan));
        }
        MappedPool other = MappedPool.map(plan);
        MappedPool unused = other;
        lock.lock();
        try {
            fits(wanted);
            PoolPlan former = pool.mapped().plan();
            if (former.usedBytes() > 0
                    || former.reservedBytes() > 0
                    || !former.binding().equals(binding)) {
                throw checks.notInPlace(former);
            }
            unused = pool.replace(other);
            pool.reservations().roomMade();
        } finally {
            lock.unlock();
            unused.release();
        }
    }
}
