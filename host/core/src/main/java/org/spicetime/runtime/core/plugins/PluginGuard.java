// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls code of a plugin that must answer at once (its descriptor, its factory method) on a thread
 * of its own: whatever it throws is caught, and nobody waits longer than the limit. A thread that
 * does not return is interrupted, left behind as a daemon, and named in the log with its bundle.
 * Thread-safe.
 */
final class PluginGuard {

    private static final Logger LOG = LoggerFactory.getLogger(PluginGuard.class);

    private final Duration limit;

    PluginGuard(Duration limit) {
        this.limit = limit;
    }

    /** Calls the code; the answer may be anything, null included. */
    <T extends @Nullable Object> T call(String what, PluginOrigin origin, Callable<T> code)
            throws PluginFailure {
        CompletableFuture<T> answer = new CompletableFuture<>();
        long start = System.nanoTime();
        Thread thread =
                Thread.ofPlatform()
                        .name("plugin-call-" + origin.bundle())
                        .daemon()
                        .unstarted(() -> run(code, answer));
        thread.start();
        try {
            T result = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            if (took.compareTo(limit.dividedBy(2)) > 0) {
                LOG.warn(
                        "{} of bundle {} took {} of the {} ms it may take",
                        what,
                        origin,
                        took.toMillis(),
                        limit.toMillis());
            }
            return result;
        } catch (TimeoutException hung) {
            thread.interrupt();
            LOG.error(
                    "{} of bundle {} did not return; thread {} is left behind, at:{}",
                    what,
                    origin,
                    thread.getName(),
                    where(thread));
            throw new PluginFailure(
                    "%s did not return within %d ms".formatted(what, limit.toMillis()), hung);
        } catch (ExecutionException thrown) {
            Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
            throw new PluginFailure(what + " threw " + cause, cause);
        } catch (InterruptedException stopped) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new PluginFailure(what + " was not waited for: interrupted", stopped);
        }
    }

    private static <T extends @Nullable Object> void run(
            Callable<T> code, CompletableFuture<T> answer) {
        try {
            answer.complete(code.call());
        } catch (Throwable any) {
            answer.completeExceptionally(any);
        }
    }

    private static String where(Thread thread) {
        StringBuilder frames = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            frames.append("\n  at ").append(frame);
        }
        return frames.toString();
    }
}
