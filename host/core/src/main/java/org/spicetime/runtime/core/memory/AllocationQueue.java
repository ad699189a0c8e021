// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.guard.GuardedLock;
import org.spicetime.runtime.core.memory.pressure.MemoryWaits;
import org.spicetime.runtime.core.waiting.OffSlot;

/**
 * Tasks that wait for a block which others hold now, first come first served. They may hold memory
 * themselves, so they do not queue behind those that wait for a reservation: these hold nothing and
 * may want what those hold. Thread-safe.
 */
final class AllocationQueue {
    private final GuardedLock lock;
    private final MemoryWaits waits;
    private final Runnable waiters;
    private final Condition changed;

    // Guarded by lock, which is the pool's.
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long changes;

    /**
     * @param waiters told, under the lock, when somebody begins or ends to wait
     */
    AllocationQueue(GuardedLock lock, MemoryWaits waits, Runnable waiters) {
        this.lock = lock;
        this.waiters = waiters;
        this.waits = waits;
        changed = lock.newCondition();
    }

    /**
     * Takes something of the pool, now or when others have given memory back.
     *
     * @param take takes it or throws; called without the lock
     * @param nanos how long to wait at most; zero or less: not at all
     * @throws RefusedException what {@code take} throws, at once if waiting cannot help
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    <T> T await(Supplier<T> take, long nanos) throws InterruptedException {
        try {
            return take.get();
        } catch (RefusedException refused) {
            if (nanos <= 0 || !mayHelp(refused)) {
                throw refused;
            }
            try (OffSlot _ = OffSlot.leave(WaitReason.MEMORY, null)) {
                return queue(take, refused, nanos);
            }
        }
    }

    private <T> T queue(Supplier<T> take, RefusedException first, long nanos)
            throws InterruptedException {
        Object place = new Object();
        long since = waits.begin();
        enter(place);
        try {
            RefusedException last = first;
            long left = nanos;
            for (long seen = -1; ; ) {
                long began = System.nanoTime();
                seen = awaitTurn(place, seen, left, last);
                left -= System.nanoTime() - began;
                try {
                    return take.get();
                } catch (RefusedException refused) {
                    if (!mayHelp(refused)) {
                        throw refused;
                    }
                    last = refused;
                }
            }
        } finally {
            leave(place);
            waits.end(since);
        }
    }

    /** Returns when it is the first one and something changed since it looked last. */
    private long awaitTurn(Object place, long seen, long nanos, RefusedException last)
            throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!place.equals(waiting.peekFirst()) || changes == seen) {
                if (left <= 0) {
                    throw last;
                }
                left = changed.awaitNanos(left);
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private void enter(Object place) {
        lock.lock();
        try {
            waiting.addLast(place);
            waiters.run();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Object place) {
        lock.lock();
        try {
            waiting.remove(place);
            waiters.run();
            roomMade();
        } finally {
            lock.unlock();
        }
    }

    /** Others hold it now: it is not beyond what the pool or the task can ever have. */
    private static boolean mayHelp(RefusedException refused) {
        return refused.code() == RuntimeErrorCode.MEMORY_PRESSURE
                || "FRAGMENTED".equals(refused.details().get("reason"));
    }

    /** Memory was given back, or the pool changed. Under the lock. */
    void roomMade() {
        if (!waiting.isEmpty()) {
            changes++;
            changed.signalAll();
        }
    }

    /** Tasks that wait now. Under the lock. */
    int waiting() {
        return waiting.size();
    }
}
