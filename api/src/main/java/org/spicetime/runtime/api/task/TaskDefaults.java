// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks have in common that are submitted through one {@linkplain
 * org.spicetime.runtime.api.domain.Domain#executor executor view}. Immutable.
 *
 * <pre>{@code
 * TaskDefaults.of("thumbnails").withPriority(7).withRelativeDeadline(Duration.ofMillis(20))
 * }</pre>
 *
 * @param name names the view in messages; 1 to {@value TaskRequest#MAX_NAME_LENGTH} characters
 * @param type kind of work
 * @param priority base priority, within the domain's range; empty: the domain's default
 * @param relativeDeadline from submission to deadline, above zero; null: none. A task that misses
 *     it is counted and runs on
 * @param estimatedDuration expected processor time of one task, zero or more; zero: unknown
 */
public record TaskDefaults(
        String name,
        TaskType type,
        OptionalInt priority,
        @Nullable Duration relativeDeadline,
        Duration estimatedDuration) {

    private static final Duration LONGEST = Duration.ofDays(366);

    public TaskDefaults {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(priority, "priority");
        Objects.requireNonNull(estimatedDuration, "estimatedDuration");
        if (name.isBlank() || name.length() > TaskRequest.MAX_NAME_LENGTH)
            throw new IllegalArgumentException(
                    "name must have 1 .. "
                            + TaskRequest.MAX_NAME_LENGTH
                            + " characters, had "
                            + name.length());
        if (relativeDeadline != null
                && (!relativeDeadline.isPositive() || relativeDeadline.compareTo(LONGEST) > 0))
            throw new IllegalArgumentException(
                    "relativeDeadline must be above 0 and at most 366 days, was "
                            + relativeDeadline);
        if (estimatedDuration.isNegative() || estimatedDuration.compareTo(LONGEST) > 0)
            throw new IllegalArgumentException(
                    "estimatedDuration must be 0 .. 366 days, was " + estimatedDuration);
    }

    /**
     * Computations of the domain's default priority, without deadline or estimate.
     *
     * @param name names the view
     * @return the defaults
     */
    public static TaskDefaults of(String name) {
        return new TaskDefaults(
                name, TaskType.COMPUTATION, OptionalInt.empty(), null, Duration.ZERO);
    }

    /**
     * The same with another type.
     *
     * @param other kind of work
     * @return a copy
     */
    public TaskDefaults withType(TaskType other) {
        return new TaskDefaults(name, other, priority, relativeDeadline, estimatedDuration);
    }

    /**
     * The same with a priority.
     *
     * @param value base priority, within the domain's range
     * @return a copy
     */
    public TaskDefaults withPriority(int value) {
        return new TaskDefaults(
                name, type, OptionalInt.of(value), relativeDeadline, estimatedDuration);
    }

    /**
     * The same with a deadline.
     *
     * @param value from submission to deadline; null: none
     * @return a copy
     */
    public TaskDefaults withRelativeDeadline(@Nullable Duration value) {
        return new TaskDefaults(name, type, priority, value, estimatedDuration);
    }

    /**
     * The same with an estimate.
     *
     * @param value expected processor time of one task; zero: unknown
     * @return a copy
     */
    public TaskDefaults withEstimatedDuration(Duration value) {
        return new TaskDefaults(name, type, priority, relativeDeadline, value);
    }
}
