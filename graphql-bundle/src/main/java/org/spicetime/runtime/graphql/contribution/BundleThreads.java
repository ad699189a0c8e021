// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of one bundle: on a few threads of its own, each call for a limited time. Code that
 * does not end keeps its thread, and nothing else. They are no virtual threads, since one that
 * computes without end would keep a carrier. Thread-safe.
 */
final class BundleThreads implements AutoCloseable {
    /** Longest time from the call to its answer. */
    static final Duration LIMIT = Duration.ofSeconds(2);

    private static final int THREADS = 4;
    private static final int WAITING = 10_000;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;
    private final Duration limit;

    BundleThreads(String bundle, Duration limit) {
        this.limit = limit;
        threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        work -> thread(bundle, work));
        threads.allowCoreThreadTimeOut(true);
    }

    // What a thread inherits comes from whoever asked first, which may be another bundle.
    private static Thread thread(String bundle, Runnable work) {
        Thread thread = new Thread(null, work, "contribution-" + bundle, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(BundleThreads.class.getClassLoader());
        return thread;
    }

    /**
     * The answer of a call: what it returns, what it throws, {@link TimeoutException}, or {@link
     * RejectedExecutionException} when too much waits or the bundle is gone. It may complete on a
     * thread of the bundle.
     */
    <T extends @Nullable Object> CompletableFuture<T> call(Callable<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Future<?> running;
        try {
            running = threads.submit(() -> answer(work, answer));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
        var _ =
                answer.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                        .whenComplete((_, error) -> {
                            if (error instanceof TimeoutException) running.cancel(true);
                        });
        return answer;
    }

    // A class that is missing or cannot be linked is an Error, and it concerns this call alone.
    private static <T extends @Nullable Object> void answer(
            Callable<T> work, CompletableFuture<T> answer) {
        try {
            answer.complete(work.call());
        } catch (Throwable e) {
            answer.completeExceptionally(e);
        }
    }

    /** Takes no more calls and interrupts those that run. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
