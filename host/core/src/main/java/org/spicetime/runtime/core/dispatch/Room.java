// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.OverflowPolicy;

/** Where threads wait that submit to a full queue. Thread-safe. */
final class Room {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long version;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Somebody is about to look for room, and will wait if there is none. */
    void enter() {
        waiting.incrementAndGet();
    }

    /** Nobody waits for that one any more. */
    void leave() {
        waiting.decrementAndGet();
    }

    /** What {@link #await} is to be told, so that room that comes in between is not missed. */
    long seen() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody waits. */
    boolean awaited() {
        return waiting.get() > 0;
    }

    /** There is more room. */
    void more() {
        lock.lock();
        try {
            version++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there may be room.
     *
     * @param until when the waiting ends; 0: it begins now
     * @param seen of {@link #seen}, before it was found that there is none
     * @return when the waiting ends
     * @throws RejectedExecutionException it has ended, or there is none
     */
    @SuppressWarnings("WaitNotInLoop") // the caller is the loop, and looks for room anew
    long await(ExecutorConfig config, long until, long seen) {
        long now = System.nanoTime();
        long limit = config.maxWait().toNanos();
        long end = until == 0 ? now + limit : until;
        if (config.overflowPolicy() != OverflowPolicy.WAIT || end - now <= 0) {
            throw full(config, until == 0 ? "" : " and was for " + limit / 1_000_000 + " ms");
        }
        lock.lock();
        try {
            if (version == seen) {
                more.awaitNanos(end - now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw full(config, ", and the waiting thread was interrupted");
        } finally {
            lock.unlock();
        }
        return end;
    }

    private static RejectedExecutionException full(ExecutorConfig config, String more) {
        return new RejectedExecutionException(
                "the queue of the domain holds as many unfinished tasks as executor.queueCapacity"
                        + " allows, "
                        + config.queueCapacity()
                        + more
                        + "; try again later");
    }
}
