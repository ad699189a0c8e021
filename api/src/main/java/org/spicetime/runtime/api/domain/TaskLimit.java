// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * A limit on the tasks of a handler, of a concurrency key, or of both. A task over it waits in
 * phase WAITING_RESOURCE, without a slot; all limits that fit a task hold for it. Immutable.
 *
 * @param handler the handler, 1 to {@value #MAX_HANDLER_LENGTH} characters; null: any
 * @param concurrencyKey the concurrency key; a {@code *} at its end stands for any rest, each key
 *     counted by itself. Null: with or without a key
 * @param maxRunning most tasks on a worker at a time, up to {@value #MOST_RUNNING}; 0: no limit
 * @param rate most starts per second (of attempts), up to {@value #HIGHEST_RATE}, as a token bucket
 *     (Turner, New directions in communications, 1986); 0: no limit
 * @param burst starts that may come at once after a quiet time, 1 to {@value #LARGEST_BURST}
 */
public record TaskLimit(
        @Nullable String handler,
        @Nullable String concurrencyKey,
        int maxRunning,
        double rate,
        int burst) {

    /** Most limits of a domain. */
    public static final int MOST = 100;

    /** Most characters of the name of a handler. */
    public static final int MAX_HANDLER_LENGTH = 255;

    /** Largest {@code maxRunning}. */
    public static final int MOST_RUNNING = 4096;

    /** Lowest rate besides 0: about one start a day. */
    public static final double LOWEST_RATE = 1e-5;

    /** Highest rate. */
    public static final double HIGHEST_RATE = 1e6;

    /** Largest burst. */
    public static final int LARGEST_BURST = 100_000;

    /**
     * Checks lengths and ranges.
     *
     * @throws IllegalArgumentException if a part is malformed; the message names it, its value and
     *     its range
     */
    public TaskLimit {
        if (handler != null && (handler.isBlank() || handler.length() > MAX_HANDLER_LENGTH))
            throw new IllegalArgumentException(
                    "handler must have 1 .. "
                            + MAX_HANDLER_LENGTH
                            + " characters and not be blank, had "
                            + handler.length());
        if (concurrencyKey != null) TaskRequest.checkConcurrencyKey(beginning(concurrencyKey));
        if (maxRunning < 0 || maxRunning > MOST_RUNNING)
            throw new IllegalArgumentException(
                    "maxRunning must be 0 .. " + MOST_RUNNING + ", was " + maxRunning);
        if (!(rate == 0 || rate >= LOWEST_RATE && rate <= HIGHEST_RATE))
            throw new IllegalArgumentException(
                    "rate must be 0, or " + LOWEST_RATE + " .. " + HIGHEST_RATE + ", was " + rate);
        if (burst < 1 || burst > LARGEST_BURST)
            throw new IllegalArgumentException(
                    "burst must be 1 .. " + LARGEST_BURST + ", was " + burst);
        if (maxRunning == 0 && rate == 0)
            throw new IllegalArgumentException(
                    "maxRunning or rate must be above 0: a limit without a bound limits nothing");
    }

    /* A pattern is a key whose last character may be the star; the star alone is any key. */
    private static String beginning(String pattern) {
        return pattern.endsWith("*") && pattern.length() > 1
                ? pattern.substring(0, pattern.length() - 1)
                : pattern.equals("*") ? "any" : pattern;
    }

    /**
     * Whether it holds for a task.
     *
     * @param taskHandler its handler
     * @param taskKey its concurrency key; null: none
     * @return whether both fit
     */
    public boolean fits(String taskHandler, @Nullable String taskKey) {
        if (handler != null && !handler.equals(taskHandler)) return false;
        if (concurrencyKey == null) return true;
        if (taskKey == null) return false;
        return concurrencyKey.endsWith("*")
                ? taskKey.startsWith(concurrencyKey.substring(0, concurrencyKey.length() - 1))
                : taskKey.equals(concurrencyKey);
    }
}
