// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** From the submission of a task to its first instruction, with idle workers and a calm pace. */
final class DispatchLatency {
    private static final int TASKS = 5_000;
    private static final long PACE_NANOS = 50_000;

    /**
     * Percentiles in microseconds.
     *
     * @param p50 half of the tasks waited no longer
     * @param p99 99 of 100 waited no longer
     */
    record Measured(double p50, double p99) {}

    private DispatchLatency() {}

    static Measured of(Target target) throws InterruptedException {
        long[] waited = new long[TASKS];
        CountDownLatch done = new CountDownLatch(TASKS);
        long next = System.nanoTime();
        for (int i = 0; i < TASKS; i++) {
            next += PACE_NANOS;
            while (System.nanoTime() - next < 0) Thread.onSpinWait();
            int place = i;
            long submitted = System.nanoTime();
            target.submit(
                    () -> {
                        waited[place] = System.nanoTime() - submitted;
                        done.countDown();
                    },
                    place & Target.LEVELS - 1);
        }
        if (!done.await(60, TimeUnit.SECONDS))
            throw new IllegalStateException(target.name() + " lost " + done.getCount() + " tasks");
        Arrays.sort(waited);
        return new Measured(waited[TASKS / 2] / 1e3, waited[TASKS * 99 / 100] / 1e3);
    }
}
