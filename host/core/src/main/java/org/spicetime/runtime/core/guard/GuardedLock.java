// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * A lock under which plugins are called: nobody waits for ever behind one that does not come back.
 * Thread-safe; nests.
 */
public final class GuardedLock {

    private static final long PATIENCE_MILLIS = 250;

    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<@Nullable String> hangs;

    /**
     * A free lock.
     *
     * @param hangs tells why the one inside does not come back; null: it may. Asked without the
     *     lock
     */
    public GuardedLock(Supplier<@Nullable String> hangs) {
        this.hangs = hangs;
    }

    /**
     * Enters.
     *
     * @throws RefusedException SCHEDULER_ERROR if the one inside does not come back
     */
    public void lock() {
        if (lock.tryLock()) {
            return;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                String why = hangs.get();
                if (why != null) {
                    throw new RefusedException(RuntimeErrorCode.SCHEDULER_ERROR, why, Map.of());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Enters, however long it takes: for threads that have nothing else to do. */
    public void lockPatiently() {
        lock.lock();
    }

    /** Enters if it is free. */
    public boolean tryLock() {
        return lock.tryLock();
    }

    /** Enters if that is possible soon. */
    public boolean tryLock(long nanos) {
        if (lock.tryLock()) {
            return true;
        }
        try {
            return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Enters, unless the thread is interrupted while it waits.
     *
     * @throws InterruptedException if it was
     */
    public void lockInterruptibly() throws InterruptedException {
        lock.lockInterruptibly();
    }

    /** A condition to wait for inside. */
    public Condition newCondition() {
        return lock.newCondition();
    }

    /** Leaves. */
    public void unlock() {
        lock.unlock();
    }

    /** How often the calling thread is inside. */
    public int holdCount() {
        return lock.getHoldCount();
    }

    /** Whether the calling thread is inside. */
    public boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }
}
