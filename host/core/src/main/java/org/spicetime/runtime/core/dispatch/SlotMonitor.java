// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a host that looks whether those who have slots use them: every millisecond
 * while tasks wait for slots anywhere, else not at all. Thread-safe.
 */
public final class SlotMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotMonitor.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration JOIN = Duration.ofSeconds(2);

    /** The slots of a domain. Thread-safe. */
    interface Watched {
        /** Whether there may be something to see. Cheap. */
        boolean worthALook();

        /**
         * Looks, and does what follows.
         *
         * @param nanos on {@link System#nanoTime}
         * @param late whether the monitor itself woke late, so that what stood still since the last
         *     look proves nothing
         */
        void look(long nanos, boolean late);
    }

    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts the thread. */
    public SlotMonitor() {
        thread = Thread.ofPlatform().name("domain-runtime-slots").daemon().unstarted(this::run);
        thread.start();
    }

    void register(Watched one) {
        all.add(one);
        wake();
    }

    void unregister(Watched one) {
        all.remove(one);
    }

    /** There is something to see from now on. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        long before = System.nanoTime();
        while (!closed) {
            boolean any = false;
            long now = System.nanoTime();
            boolean late = now - before > LATE;
            before = now;
            for (Watched one : all) {
                if (one.worthALook()) {
                    any = true;
                    look(one, now, late);
                }
            }
            if (any) {
                LockSupport.parkNanos(this, TICK);
            } else {
                LockSupport.park(this);
                before = System.nanoTime();
            }
        }
    }

    private static void look(Watched one, long now, boolean late) {
        try {
            one.look(now, late);
        } catch (RuntimeException e) {
            LOG.error("a look at the slots of a domain failed; the next one follows", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            if (!thread.join(JOIN)) {
                LOG.warn("thread {} did not end within {}", thread.getName(), JOIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
