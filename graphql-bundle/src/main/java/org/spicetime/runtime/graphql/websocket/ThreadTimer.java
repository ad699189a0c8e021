// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer of one thread, ended by {@link #close}. Thread-safe. */
public final class ThreadTimer implements Timer {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadTimer.class);

    private final String name;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param name of the thread
     */
    public ThreadTimer(String name) {
        this.name = name;
        thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name).factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
        try {
            ScheduledFuture<?> task =
                    thread.schedule(
                            () -> {
                                try {
                                    action.run();
                                } catch (RuntimeException e) {
                                    LOG.error("a timed action of {} failed", name, e);
                                }
                            },
                            delay.toNanos(),
                            TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed: all it serves is being closed too", name);
            return () -> {};
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("the thread {} did not end within 2 s", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
