// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;

/**
 * What the host or a bundle wrote into the log of the host. Immutable.
 *
 * @param timestamp when it was written
 * @param level how serious it is
 * @param logger name of the logger, mostly that of a class; not blank
 * @param message the text, up to {@value #MAX_MESSAGE} characters; what was longer ends with "…"
 * @param event stable code of what happened, {@code DR-AREA-NNNN}; null: free text
 * @param domain the domain that was worked for; null: none, or not known
 * @param task the task that ran; null: none, or not known
 * @param bundle symbolic name of the bundle whose code wrote it; null: none, or not known
 * @param stackTrace the call stack of its cause, up to {@value #MAX_STACK_TRACE} characters; what
 *     was longer ends with "…"; null: it has no cause
 */
public record LogRecord(
        Instant timestamp,
        LogLevel level,
        String logger,
        String message,
        @Nullable String event,
        @Nullable DomainId domain,
        @Nullable TaskId task,
        @Nullable String bundle,
        @Nullable String stackTrace) {
    /** Most characters of a message. */
    public static final int MAX_MESSAGE = 8192;

    /** Most characters of a call stack. */
    public static final int MAX_STACK_TRACE = 16_384;

    private static final Pattern EVENT = Pattern.compile("DR-[A-Z]{2,8}-[0-9]{4}");

    /**
     * Checks the logger, the event and the lengths.
     *
     * @throws IllegalArgumentException if one is not as described
     */
    public LogRecord {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(level, "level");
        if (logger.isBlank()) throw new IllegalArgumentException("logger must not be blank");
        checkLength("message", message, MAX_MESSAGE);
        if (event != null && !isEvent(event)) {
            throw new IllegalArgumentException(
                    "event must be DR-, 2 to 8 capital letters, - and 4 digits, was \""
                            + event
                            + '"');
        }
        if (bundle != null && bundle.isBlank()) {
            throw new IllegalArgumentException("bundle must not be blank");
        }
        if (stackTrace != null) checkLength("stackTrace", stackTrace, MAX_STACK_TRACE);
    }

    /**
     * Whether a text has the form of an event code.
     *
     * @param text any text
     * @return true for {@code DR-AREA-NNNN}
     */
    public static boolean isEvent(String text) {
        return EVENT.matcher(text).matches();
    }

    private static void checkLength(String what, String text, int most) {
        if (text.length() > most) {
            throw new IllegalArgumentException(
                    what + " must have at most " + most + " characters, had " + text.length());
        }
    }
}
