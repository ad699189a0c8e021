// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a domain, and what is to be done as soon as it is free. Not held while anything else
 * is waited for. Thread-safe.
 */
public final class DomainGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DomainGuard.class);

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable List<Runnable> after;
    private @Nullable Runnable beforeRelease;

    /** Sets what is done at the end of every outermost section, the lock still held. Once. */
    public void beforeRelease(Runnable action) {
        beforeRelease = action;
    }

    /** Enters; nests. */
    public void enter() {
        lock.lock();
    }

    /** Leaves; the outermost one then does what was put off. */
    public void leave() {
        if (lock.getHoldCount() > 1) {
            lock.unlock();
            return;
        }
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
        return lock.isHeldByCurrentThread();
    }
}
