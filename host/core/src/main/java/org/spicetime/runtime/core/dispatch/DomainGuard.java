// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.guard.GuardedLock;

/**
 * The lock of a domain, and what is to be done as soon as it is free. Not held while anything else
 * is waited for. Thread-safe.
 */
public final class DomainGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DomainGuard.class);

    private final GuardedLock lock = new GuardedLock(() -> this.hangs.get());
    private @Nullable List<Runnable> after;
    private @Nullable Runnable beforeRelease;
    private Runnable afterRelease = () -> {};
    private volatile Supplier<@Nullable String> hangs = () -> null;

    /** Sets what is done at the end of every outermost section, the lock still held. Once. */
    public void beforeRelease(Runnable action) {
        beforeRelease = action;
    }

    /**
     * Sets what tells why nobody can enter any more: the one inside does not come back. Once.
     *
     * @param why asked by those who wait; null: they may go on waiting
     */
    public void refuseWhile(Supplier<@Nullable String> why) {
        hangs = why;
    }

    /**
     * Enters; nests.
     *
     * @throws org.spicetime.runtime.api.error.RefusedException SCHEDULER_ERROR if the one inside
     *     does not come back
     */
    public void enter() {
        lock.lock();
    }

    /** Enters, however long it takes: for workers, whose tasks must not be lost. */
    public void enterPatiently() {
        lock.lockPatiently();
    }

    /** Enters if that is possible soon: for threads that serve other domains too. */
    public boolean tryEnter(long nanos) {
        return lock.tryLock(nanos);
    }

    /** As {@link #enterPatiently}, for sections that take microseconds: tries for a while first. */
    public void enterSoon() {
        for (int i = 0; i < 64; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lockPatiently();
    }

    /** Enters if nobody is inside. */
    public boolean tryEnter() {
        return lock.tryLock();
    }

    /** Sets what is done after the end of every outermost section, without the lock. Once. */
    public void afterRelease(Runnable action) {
        afterRelease = action;
    }

    /** Leaves; the outermost one then does what was put off. */
    public void leave() {
        if (lock.holdCount() > 1) {
            lock.unlock();
            return;
        }
        leaveOnly();
        afterRelease.run();
    }

    /** As {@link #leave}, for the one who does himself what is to be done after it. */
    void leaveOnly() {
        List<Runnable> actions;
        try {
            if (beforeRelease != null) {
                beforeRelease.run();
            }
        } finally {
            actions = after;
            after = null;
            lock.unlock();
        }
        if (actions != null) {
            for (Runnable action : actions) {
                try {
                    action.run();
                } catch (RuntimeException e) {
                    LOG.error("what was put off until a domain was free failed", e);
                }
            }
        }
    }

    /** Puts an action off until the lock is free. Only inside. */
    public void afterwards(Runnable action) {
        if (after == null) {
            after = new ArrayList<>(4);
        }
        after.add(action);
    }

    /** Whether the calling thread is inside. */
    public boolean isHeld() {
        return lock.isHeld();
    }
}
