// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Priority range of a domain. Immutable.
 *
 * @param min smallest priority a task may have
 * @param max largest priority a task may have; at most {@value #MAX_LEVELS} levels in all
 * @param defaultPriority priority of a task that names none
 * @param protocol how priority inversion is avoided
 * @param agingInterval how long the longest waiting ready task of a priority waits before its
 *     effective priority rises by {@code agingStep}, until it is dispatched; zero: no aging
 * @param agingStep priority steps gained per interval, 1 or more, up to {@code max}
 * @param ceiling ceiling of all locks under {@link PriorityProtocol#CEILING}, {@code min} to {@code
 *     max}; null: computed for each lock from the tasks whose handlers declare it
 */
public record PriorityConfig(
        int min,
        int max,
        int defaultPriority,
        PriorityProtocol protocol,
        Duration agingInterval,
        int agingStep,
        @Nullable Integer ceiling) {
    /** Most priority levels of a domain. */
    public static final int MAX_LEVELS = 4096;

    public PriorityConfig {
        Objects.requireNonNull(protocol, "protocol");
        if (agingInterval.isNegative())
            throw new IllegalArgumentException(
                    "priorities.agingInterval must be 0 or more, was " + agingInterval);
        if (agingStep < 1)
            throw new IllegalArgumentException(
                    "priorities.agingStep must be 1 or more, was " + agingStep);
        if (min > max)
            throw new IllegalArgumentException(
                    "priorities.min must be at most max " + max + ", was " + min);
        if ((long) max - min + 1 > MAX_LEVELS)
            throw new IllegalArgumentException(
                    "priorities must have at most "
                            + MAX_LEVELS
                            + " levels, were "
                            + ((long) max - min + 1)
                            + " from "
                            + min
                            + " to "
                            + max);
        if (defaultPriority < min || defaultPriority > max)
            throw new IllegalArgumentException(
                    "priorities.default must be "
                            + min
                            + " .. "
                            + max
                            + ", was "
                            + defaultPriority);
        if (ceiling != null && (ceiling < min || ceiling > max))
            throw new IllegalArgumentException(
                    "priorities.ceiling must be " + min + " .. " + max + ", was " + ceiling);
    }

    /** Without a fixed ceiling. */
    public PriorityConfig(
            int min,
            int max,
            int defaultPriority,
            PriorityProtocol protocol,
            Duration agingInterval,
            int agingStep) {
        this(min, max, defaultPriority, protocol, agingInterval, agingStep, null);
    }

    /** Without aging. */
    public PriorityConfig(int min, int max, int defaultPriority, PriorityProtocol protocol) {
        this(min, max, defaultPriority, protocol, Duration.ZERO, 1);
    }
}
