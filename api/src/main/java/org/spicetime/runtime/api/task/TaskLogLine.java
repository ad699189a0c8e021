// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.util.Objects;
import org.spicetime.runtime.api.LogLevel;

/**
 * A line logged by a handler. Immutable.
 *
 * @param timestamp when
 * @param level how serious
 * @param message the text, up to {@value #MAX_LENGTH} characters
 */
public record TaskLogLine(Instant timestamp, LogLevel level, String message) {
    /** Most characters of a line. */
    public static final int MAX_LENGTH = 4096;

    public TaskLogLine {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(level, "level");
        if (message.length() > MAX_LENGTH)
            throw new IllegalArgumentException(
                    "message must have at most "
                            + MAX_LENGTH
                            + " characters, had "
                            + message.length());
    }
}
