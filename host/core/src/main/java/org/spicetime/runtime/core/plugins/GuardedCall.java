// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.guard.ThreadClock;
import org.spicetime.runtime.core.poll.Poll;

/** One call into a plugin on a thread of its own. Thread-safe. */
final class GuardedCall<T extends @Nullable Object> {

    /** A busy machine may take so many times the limit, as long as the call waits for nothing. */
    private static final int PATIENCE = 5;

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final Thread thread;

    /* Guarded by answer. */
    private boolean over;

    /** Starts the thread. */
    GuardedCall(String name, Callable<T> code) {
        thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(code));
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    private void run(Callable<T> code) {
        try {
            answer.complete(code.call());
        } catch (Throwable any) {
            answer.completeExceptionally(any);
        } finally {
            synchronized (answer) {
                over = true;
                Poll.pardon(thread);
            }
        }
    }

    /**
     * Waits for the answer.
     *
     * @param limit of processor time, and of time spent waiting
     * @throws TimeoutException if there is none by then
     */
    T await(Duration limit) throws TimeoutException, ExecutionException, InterruptedException {
        long end = System.nanoTime() + PATIENCE * limit.toNanos();
        long wait = limit.toNanos();
        while (true) {
            try {
                return answer.get(wait, TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                long cpu = ThreadClock.cpu(thread);
                boolean starved =
                        thread.getState() == Thread.State.RUNNABLE
                                && cpu >= 0
                                && cpu < limit.toNanos();
                if (!starved || System.nanoTime() - end >= 0) {
                    throw late;
                }
                wait = Math.max(1, limit.toNanos() / 10);
            }
        }
    }

    /** Tells the call to end: its polls throw, and what it waits for is interrupted. */
    void end() {
        synchronized (answer) {
            if (!over) {
                Poll.condemn(thread);
                thread.interrupt();
            }
        }
    }
}
