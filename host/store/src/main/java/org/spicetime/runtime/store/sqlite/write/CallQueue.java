// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.spicetime.runtime.api.store.StoreException;

/**
 * Calls that wait for the writer, in order. Has no limit of its own: admissions are limited by
 * their {@link Rooms}, everything else by the tasks that were admitted. Thread-safe.
 */
final class CallQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private int events;
    private boolean closed;

    void add(Call call) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(
                        StoreException.Reason.CLOSED, "the task store is not open");
            }
            calls.add(call);
            events += call.weight();
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next calls that can be committed together: appends, or one other call.
     *
     * @param most events; a single call may have more
     * @param mostBytes bytes; a single call may have more
     * @param nanos how long to wait for the first one
     * @return empty: none came, or the queue is closed and empty
     */
    List<Call> take(int most, long mostBytes, long nanos) throws InterruptedException {
        List<Call> taken = new ArrayList<>();
        lock.lock();
        try {
            long left = nanos;
            while (calls.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            int weight = 0;
            long bytes = 0;
            while (!calls.isEmpty()) {
                Call next = calls.peek();
                boolean fits =
                        taken.isEmpty()
                                || next instanceof Call.Append
                                        && taken.getFirst() instanceof Call.Append
                                        && weight + next.weight() <= most
                                        && bytes + next.bytes() <= mostBytes;
                if (!fits) {
                    break;
                }
                taken.add(calls.remove());
                weight += next.weight();
                bytes += next.bytes();
            }
            events -= weight;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls; those that wait can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return closed && calls.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    int events() {
        lock.lock();
        try {
            return events;
        } finally {
            lock.unlock();
        }
    }
}
