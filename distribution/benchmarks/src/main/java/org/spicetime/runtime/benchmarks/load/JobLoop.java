// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.load;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Producers that hand in one job after the other as long as not too many are open, for a warm-up
 * and a window. Only jobs that ended within the window count.
 */
public final class JobLoop {
    /** Jobs that may be handed in and not ended at a time. */
    public static final int OPEN = 2000;

    /** Threads that hand in jobs. */
    public static final int PRODUCERS = 16;

    private static final long LOOK_NANOS = 1_000_000;
    private static final long PATIENCE_MILLIS = 10_000;

    private JobLoop() {}

    /**
     * Jobs ended per second.
     *
     * @param warmUpSeconds time that does not count
     * @param windowSeconds time that counts
     * @throws IllegalStateException if a job was refused
     */
    public static double perSecond(
            JobEngine engine, int producers, double warmUpSeconds, double windowSeconds)
            throws Exception {
        AtomicLong handedIn = new AtomicLong();
        AtomicLong ended = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        AtomicBoolean enough = new AtomicBoolean();
        Thread[] threads = new Thread[producers];
        for (int i = 0; i < producers; i++) {
            threads[i] =
                    new Thread(
                            () -> produce(engine, handedIn, ended, failure, enough),
                            "producer-" + i);
            threads[i].setDaemon(true);
            threads[i].start();
        }
        try {
            watch(engine, ended, failure, warmUpSeconds);
            long before = ended.get();
            long begin = System.nanoTime();
            watch(engine, ended, failure, windowSeconds);
            return (ended.get() - before) * 1e9 / (System.nanoTime() - begin);
        } finally {
            // No interrupts: some databases close their file when a thread is interrupted.
            enough.set(true);
            for (Thread thread : threads) thread.join(PATIENCE_MILLIS);
        }
    }

    private static void produce(
            JobEngine engine,
            AtomicLong handedIn,
            AtomicLong ended,
            AtomicReference<@Nullable Exception> failure,
            AtomicBoolean enough) {
        try {
            while (!enough.get() && failure.get() == null) {
                if (handedIn.get() - ended.get() >= OPEN) {
                    LockSupport.parkNanos(LOOK_NANOS / 10);
                    continue;
                }
                handedIn.incrementAndGet();
                engine.enqueue();
            }
        } catch (Exception e) {
            if (!enough.get()) failure.compareAndSet(null, e);
        }
    }

    private static void watch(
            JobEngine engine,
            AtomicLong ended,
            AtomicReference<@Nullable Exception> failure,
            double seconds)
            throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            ended.set(engine.ended());
            Exception refused = failure.get();
            if (refused != null) throw new IllegalStateException("a job was refused", refused);
            LockSupport.parkNanos(LOOK_NANOS);
        } while (System.nanoTime() < end);
        ended.set(engine.ended());
    }
}
