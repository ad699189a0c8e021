// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.guard.GuardedLock;
import org.spicetime.runtime.core.memory.pressure.MemoryWaits;
import org.spicetime.runtime.core.waiting.OffSlot;
import org.spicetime.runtime.kernel.memory.PoolPlan;

/**
 * Memory kept for tasks for their whole run. Who cannot have it yet waits, first come first served:
 * a large reservation is not overtaken by small ones. A task that waits holds nothing, so those who
 * hold something can go on; nor does it keep its slot. Thread-safe.
 */
public final class TaskReservations {
    private final DomainPool pool;
    private final PoolChecks checks;
    private final GuardedLock lock;
    private final MemoryWaits waits;
    private final Condition roomMade;
    private final AllocationQueue allocations;

    // Guarded by lock, which is the pool's: who waits, in their order.
    private final SequencedSet<TaskArena> waiting = new LinkedHashSet<>();

    TaskReservations(DomainPool pool, PoolChecks checks, GuardedLock lock, MemoryWaits waits) {
        this.pool = pool;
        this.checks = checks;
        this.lock = lock;
        this.waits = waits;
        roomMade = lock.newCondition();
        allocations = new AllocationQueue(lock, waits, this::waitersChanged);
    }

    /**
     * Opens the arena of one attempt of a task, for the calling thread, with memory kept for it
     * until its end, which is also the most it can hold. Waits until there is enough.
     *
     * @param task the task
     * @param bytes how much; positive
     * @return its arena; to be ended by {@link TaskArena#reclaim}
     * @throws RefusedException RESOURCE_EXHAUSTED if the pool is smaller than that
     * @throws InterruptedException if the calling thread is interrupted meanwhile
     */
    public TaskArena openArena(TaskId task, long bytes) throws InterruptedException {
        TaskArena arena = pool.openArena(task);
        lock.lockInterruptibly();
        try {
            if (waiting.isEmpty() && reserve(arena, bytes)) {
                return arena;
            }
            waiting.addLast(arena);
            waitersChanged();
        } finally {
            lock.unlock();
        }
        try (OffSlot _ = OffSlot.leave(WaitReason.MEMORY, null)) {
            await(arena, bytes);
        }
        return arena;
    }

    private boolean reserve(TaskArena arena, long bytes) {
        PoolPlan plan = pool.openPlan();
        if (bytes > plan.totalBytes()) {
            throw checks.neverFits(plan, bytes);
        }
        if (plan.reserve(arena.owner(), bytes)) {
            return true;
        }
        pool.magazines().drainInside();
        return plan.reserve(arena.owner(), bytes);
    }

    /** While somebody waits, magazines keep nothing. Under the lock. */
    private void waitersChanged() {
        pool.magazines().hold(!waiting.isEmpty() || allocations.waiting() > 0);
    }

    /* Has its place already, so that nobody who comes meanwhile gets before it. */
    private void await(TaskArena arena, long bytes) throws InterruptedException {
        long since = waits.begin();
        lock.lock();
        try {
            while (!isFirst(arena) || !reserve(arena, bytes)) {
                roomMade.await();
            }
        } finally {
            waiting.remove(arena);
            waitersChanged();
            roomMade.signalAll();
            lock.unlock();
            waits.end(since);
        }
    }

    private boolean isFirst(TaskArena arena) {
        return arena.equals(waiting.getFirst());
    }

    /** Those who wait for a block, not for a reservation. */
    AllocationQueue allocations() {
        return allocations;
    }

    /** Memory was given back, or the pool changed. Under the lock. */
    void roomMade() {
        allocations.roomMade();
        if (!waiting.isEmpty()) {
            roomMade.signalAll();
        }
    }

    /** Tasks that wait now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size() + allocations.waiting();
        } finally {
            lock.unlock();
        }
    }
}
