// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Empty tasks from some producers through a target, with a bounded number on the way. Counts every
 * task that ran, so a lost one is noticed.
 */
final class Throughput {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Tasks of one producer that may be on the way. */
    private static final int AHEAD = 8192;

    private static final int LOOK_EVERY = 256;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /**
     * What one run came to.
     *
     * @param tasksPerSecond from the first submission to the last end
     * @param cpuNanosPerTask of the whole process, producers included
     */
    record Measured(double tasksPerSecond, double cpuNanosPerTask) {}

    private Throughput() {}

    static Measured of(Target target, int producers, int tasksEach) throws InterruptedException {
        LongAdder done = new LongAdder();
        Runnable task = done::increment;
        CountDownLatch ready = new CountDownLatch(producers);
        CountDownLatch go = new CountDownLatch(1);
        LongAdder submitted = new LongAdder();
        Thread[] threads = new Thread[producers];
        for (int i = 0; i < producers; i++) {
            threads[i] =
                    new Thread(
                            () -> {
                                ready.countDown();
                                produce(target, task, producers, tasksEach, submitted, done, go);
                            },
                            "producer-" + i);
            threads[i].start();
        }
        ready.await();
        long cpu = PROCESS.getProcessCpuTime();
        long begin = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) thread.join();
        long expected = (long) producers * tasksEach;
        while (done.sum() < expected) {
            if (System.nanoTime() - begin > PATIENCE_NANOS)
                throw new IllegalStateException(
                        target.name() + " ran " + done.sum() + " of " + expected + " tasks");
            LockSupport.parkNanos(20_000);
        }
        long nanos = System.nanoTime() - begin;
        return new Measured(
                expected * 1e9 / nanos, (double) (PROCESS.getProcessCpuTime() - cpu) / expected);
    }

    private static void produce(
            Target target,
            Runnable task,
            int producers,
            int count,
            LongAdder submitted,
            LongAdder done,
            CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        int level = 0;
        for (int i = 1; i <= count; i++) {
            target.submit(task, level);
            level = level + 7 & Target.LEVELS - 1;
            if (i % LOOK_EVERY == 0) {
                submitted.add(LOOK_EVERY);
                while (submitted.sum() - done.sum() > (long) producers * AHEAD)
                    LockSupport.parkNanos(20_000);
            }
        }
    }
}
