// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls code of a plugin that must answer at once (its descriptor, its factory method) on a thread
 * of its own: whatever it throws is caught, and nobody waits much longer than the limit. A thread
 * that does not return is told to end, left behind as a daemon if it does not, and named in the log
 * with its bundle. Thread-safe.
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
        GuardedCall<T> call = new GuardedCall<>("plugin-call-" + origin.bundle(), code);
        long start = System.nanoTime();
        try {
            T result = call.await(limit);
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
            call.end();
            LOG.error(
                    "{} of bundle {} did not return; thread {} is told to end, at:{}",
                    what,
                    origin,
                    call.thread().getName(),
                    where(call.thread()));
            throw new PluginFailure(
                    "%s did not return within %d ms".formatted(what, limit.toMillis()), hung);
        } catch (ExecutionException thrown) {
            Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
            throw new PluginFailure(what + " threw " + cause, cause);
        } catch (InterruptedException stopped) {
            call.end();
            Thread.currentThread().interrupt();
            throw new PluginFailure(what + " was not waited for: interrupted", stopped);
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
