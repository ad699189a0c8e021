// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;

/**
 * Conditions on log records, all of which must hold; null: any. Immutable.
 *
 * @param level this level or a more serious one
 * @param logger what the name of the logger starts with, up to {@value #MAX_TEXT} characters
 * @param domain about this domain
 * @param task about this task
 * @param contains what the message contains, ignoring case, up to {@value #MAX_TEXT} characters
 */
public record LogFilter(
        @Nullable LogLevel level,
        @Nullable String logger,
        @Nullable DomainId domain,
        @Nullable TaskId task,
        @Nullable String contains) {
    /** Most characters of a text that is looked for. */
    public static final int MAX_TEXT = 256;

    /** All records. */
    public static final LogFilter ANY = new LogFilter(null, null, null, null, null);

    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if a text is too long
     */
    public LogFilter {
        checkLength("logger", logger);
        checkLength("contains", contains);
    }

    /**
     * Whether a record meets all conditions.
     *
     * @param record the record
     * @return true if it does
     */
    public boolean matches(LogRecord record) {
        return (level == null || record.level().compareTo(level) >= 0)
                && (logger == null || record.logger().startsWith(logger))
                && (domain == null || domain.equals(record.domain()))
                && (task == null || task.equals(record.task()))
                && (contains == null || containsIgnoringCase(record.message(), contains));
    }

    private static boolean containsIgnoringCase(String text, String wanted) {
        return text.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    }

    private static void checkLength(String what, @Nullable String text) {
        if (text != null && text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    what + " must have at most " + MAX_TEXT + " characters, had " + text.length());
        }
    }
}
