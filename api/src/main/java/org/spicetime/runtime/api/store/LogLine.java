// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;

/**
 * A line that a handler logged.
 *
 * <p>Immutable.
 *
 * @param at when
 * @param level how serious; {@code ALL} and {@code OFF} are no levels of a line
 * @param text the line, 4096 characters at most
 */
public record LogLine(Instant at, System.Logger.Level level, String text) {

    private static final int LONGEST = 4096;

    /**
     * Checks level and length.
     *
     * @throws IllegalArgumentException if the level is not that of a line, or the text too long
     */
    public LogLine {
        if (level == System.Logger.Level.ALL || level == System.Logger.Level.OFF) {
            throw new IllegalArgumentException("a line cannot be logged at level " + level);
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a log line has at most " + LONGEST + " characters, had " + text.length());
        }
    }
}
