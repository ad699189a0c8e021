// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;

/** One thread for all paces; it is there once something ticks. Thread-safe. */
public final class TickThread implements Ticks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TickThread.class);

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("graphql-ticks").daemon().factory());

    public TickThread() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Watch every(Duration interval, Runnable tick) {
        long nanos = interval.toNanos();
        ScheduledFuture<?> ticking =
                timer.scheduleAtFixedRate(() -> run(tick), nanos, nanos, TimeUnit.NANOSECONDS);
        return () -> ticking.cancel(false);
    }

    // What a periodic action throws would end it without a word.
    private static void run(Runnable tick) {
        try {
            tick.run();
        } catch (RuntimeException e) {
            LOG.error("a stream of measurements missed a step", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
