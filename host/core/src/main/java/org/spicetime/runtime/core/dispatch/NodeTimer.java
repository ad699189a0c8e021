// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.osthreads.OsThread;
import org.spicetime.runtime.kernel.task.Now;

/**
 * The one timer thread of the host. It sleeps until the earliest instant any domain waits for, and
 * tells all of them when the wall clock was set. Thread-safe.
 */
public final class NodeTimer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTimer.class);
    private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);
    private static final long JUMP = TimeUnit.SECONDS.toNanos(1);
    private static final Duration JOIN = Duration.ofSeconds(5);

    /** Something that waits for instants. */
    public interface Timed {
        /**
         * The next instant on the monotonic clock, or {@link Long#MAX_VALUE}. Cheap, any thread.
         */
        long nextNanos();

        /** That instant has come. */
        void elapsed(Now now);

        /** The wall clock was set: it differs from the monotonic one by more than before. */
        void clockJumped(Now now);
    }

    private final HostClock clock;
    private final List<Timed> timed = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final Thread thread;
    private volatile boolean closed;

    /* Written by the timer thread; a sooner wish wakes it. */
    private volatile long sleepsUntil = Long.MIN_VALUE;

    /** Starts the thread. */
    public NodeTimer(HostClock clock) {
        this.clock = clock;
        thread = Thread.ofPlatform().name("domain-runtime-timer").daemon().unstarted(this::run);
        thread.start();
    }

    /** From now on this one is told. */
    public void register(Timed one) {
        timed.add(one);
        rearm(one.nextNanos());
    }

    /** No longer. */
    public void unregister(Timed one) {
        timed.remove(one);
    }

    /** Somebody waits for this instant now. Cheap when the timer wakes before it anyway. */
    public void rearm(long nanos) {
        long planned = sleepsUntil;
        if (nanos != Long.MAX_VALUE && planned != Long.MIN_VALUE && nanos - planned < 0) {
            lock.lock();
            try {
                earlier.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        if (!OsThread.waitPrecisely()) {
            LOG.debug("timers are as precise as the operating system makes them by itself");
        }
        Now first = clock.now();
        long offset = offset(first);
        while (!closed) {
            Now now = clock.now();
            long present = offset(now);
            boolean jumped = Math.abs(present - offset) > JUMP;
            offset = present;
            for (Timed one : timed) {
                try {
                    if (jumped) {
                        one.clockJumped(now);
                    }
                    long next = one.nextNanos();
                    if (next != Long.MAX_VALUE && next - now.nanos() <= 0) {
                        one.elapsed(now);
                    }
                } catch (RuntimeException e) {
                    LOG.error("a timer failed and goes on", e);
                }
            }
            sleep();
        }
    }

    private static long offset(Now now) {
        return Duration.between(Instant.EPOCH, now.instant()).toNanos() - now.nanos();
    }

    @SuppressWarnings("WaitNotInLoop") // the caller is the loop, and takes all clocks anew
    private void sleep() {
        lock.lock();
        try {
            long start = clock.nanos().getAsLong();
            sleepsUntil = start + LONGEST_SLEEP;
            long until = sleepsUntil;
            // Read after sleepsUntil is published: a wish that misses one is seen by the other.
            for (Timed one : timed) {
                long next = one.nextNanos();
                if (next != Long.MAX_VALUE && next - until < 0) {
                    until = next;
                }
            }
            sleepsUntil = until;
            long left = until - start;
            if (left > 0 && !closed) {
                earlier.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts; the loop ends by its flag.
            closed = true;
        } finally {
            sleepsUntil = Long.MIN_VALUE;
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (!Thread.currentThread().equals(thread)) {
            Threads.join(thread, JOIN);
        }
    }
}
