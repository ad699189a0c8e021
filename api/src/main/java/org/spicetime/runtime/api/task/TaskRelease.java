// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * Which release of which schedule a task is. A number is given to one task at most, so whoever
 * takes releases in can tell a repetition. Immutable.
 *
 * @param schedule id of the schedule
 * @param number counts the instants of the schedule since its start, from 1; instants left out
 *     count too. A new start or period begins after the last number given
 * @param nominal the instant the schedule names, cut to microseconds, however late the task was
 *     admitted
 */
public record TaskRelease(UUID schedule, long number, Instant nominal) {
    public TaskRelease {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(nominal, "nominal");
        if (number < 1)
            throw new IllegalArgumentException("number must be 1 or more, was " + number);
        nominal = nominal.truncatedTo(ChronoUnit.MICROS);
    }
}
