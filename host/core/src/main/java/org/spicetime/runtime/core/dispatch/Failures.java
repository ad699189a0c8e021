// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.kernel.task.Outcome;

/**
 * What a client is told when a handler threw. Class names and stack traces stay in the log.
 * Thread-safe.
 */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int LONGEST = 4096;

    private Failures() {}

    /** The outcome of an attempt whose handler threw this. */
    static Outcome of(Attempt attempt, Throwable thrown) {
        if (attempt.stop() != null) {
            LOG.debug("domain={} task={} ended as asked", attempt.domain(), attempt.task(), thrown);
            return attempt.stop() == StopCause.DOMAIN_STOPS
                    ? new Outcome.Requeued()
                    : new Outcome.Cancelled(null);
        }
        String handler = attempt.entry.handler();
        if (thrown instanceof RefusedException refused) {
            RuntimeErrorCode code =
                    refused.code() instanceof RuntimeErrorCode runtime
                            ? runtime
                            : RuntimeErrorCode.SCHEDULER_ERROR;
            return failed(code, told(handler, refused), refused.details());
        }
        LOG.warn(
                "domain={} task={} handler={} attempt={} failed",
                attempt.domain(),
                attempt.task(),
                handler,
                attempt.number,
                thrown);
        String message =
                switch (thrown) {
                    case StackOverflowError e -> defect(handler, "its recursion was too deep");
                    case OutOfMemoryError e -> defect(handler, "the heap had no room for it");
                    case Error e -> defect(handler, "it is defective");
                    case NullPointerException e -> defect(handler, "it is defective");
                    case ClassCastException e -> defect(handler, "it is defective");
                    case InterruptedException e -> defect(handler, "it was interrupted");
                    default -> told(handler, thrown);
                };
        return failed(RuntimeErrorCode.SCHEDULER_ERROR, message, Map.of());
    }

    /** The outcome of a run whose thread did not come back. */
    static Outcome leftBehind(Run run, Duration grace) {
        return run.stop() == StopCause.DOMAIN_STOPS
                ? new Outcome.Failed(
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        "the handler did not return within "
                                + grace.toMillis()
                                + " ms when its domain stopped",
                        Map.of(),
                        false)
                : new Outcome.Cancelled(null);
    }

    static Outcome failed(RuntimeErrorCode code, String message, Map<String, Object> context) {
        return new Outcome.Failed(code, message, context, true);
    }

    private static String defect(String handler, String what) {
        return "handler " + handler + " failed: " + what + "; the log of the host tells more";
    }

    private static String told(String handler, Throwable thrown) {
        @Nullable String message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return defect(handler, "it gave no reason");
        }
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "\u2026";
    }
}
