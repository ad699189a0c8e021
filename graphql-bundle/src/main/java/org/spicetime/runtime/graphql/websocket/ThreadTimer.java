// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timer of all sockets: one thread, ended by {@link #close}. Thread-safe. */
final class ThreadTimer implements Timer {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadTimer.class);

    private final ScheduledThreadPoolExecutor thread;

    ThreadTimer() {
        thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("graphql-socket-timer").factory());
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
                                    LOG.error("a timed action of a socket failed", e);
                                }
                            },
                            delay.toNanos(),
                            TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("the timer is closed: every socket is being closed too");
            return () -> {};
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("the thread graphql-socket-timer did not end within 2 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
