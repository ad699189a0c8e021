// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import static org.spicetime.runtime.api.task.TaskRequest.MAX_NAME_LENGTH;
import static org.spicetime.runtime.api.task.TaskRequest.MAX_PAYLOAD_BYTES;
import static org.spicetime.runtime.api.task.TaskRequest.MAX_PERIOD;
import static org.spicetime.runtime.api.task.TaskRequest.MAX_RETRIES;
import static org.spicetime.runtime.api.task.TaskRequest.MIN_PERIOD;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;

/** Shapes of the parts of a request; a violation is told with its value and its range. */
final class RequestChecks {
    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");

    private RequestChecks() {}

    static void deadline(@Nullable Instant deadline, @Nullable Duration relativeDeadline) {
        if (deadline != null && relativeDeadline != null)
            throw new IllegalArgumentException(
                    "deadline and relativeDeadline exclude each other, give one of them");
        if (relativeDeadline != null && !relativeDeadline.isPositive())
            throw new IllegalArgumentException(
                    "relativeDeadline must be positive, was " + relativeDeadline);
    }

    static void texts(
            @Nullable String name, @Nullable String handler, @Nullable String idempotencyKey) {
        if (name != null && (name.isEmpty() || name.length() > MAX_NAME_LENGTH))
            throw new IllegalArgumentException(
                    "name must have 1 .. " + MAX_NAME_LENGTH + " characters, had " + name.length());
        if (handler != null && handler.isBlank())
            throw new IllegalArgumentException("handler must not be blank");
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > 255))
            throw new IllegalArgumentException(
                    "idempotencyKey must have 1 .. 255 characters, had " + idempotencyKey.length());
    }

    static void payload(@Nullable Payload payload) {
        if (payload != null && payload.size() > MAX_PAYLOAD_BYTES)
            throw new IllegalArgumentException(
                    "payload must have at most "
                            + MAX_PAYLOAD_BYTES
                            + " bytes, had "
                            + payload.size());
    }

    static void amounts(
            Duration timeout,
            @Nullable Duration estimatedDuration,
            int maxRetries,
            OptionalLong memory) {
        if (timeout.isNegative())
            throw new IllegalArgumentException("timeout must be 0 or more, was " + timeout);
        if (estimatedDuration != null
                && (!estimatedDuration.isPositive() || estimatedDuration.compareTo(MAX_PERIOD) > 0))
            throw new IllegalArgumentException(
                    "estimatedDuration must be above 0 and at most "
                            + MAX_PERIOD
                            + ", was "
                            + estimatedDuration);
        if (maxRetries < 0 || maxRetries > MAX_RETRIES)
            throw new IllegalArgumentException(
                    "maxRetries must be 0 .. " + MAX_RETRIES + ", was " + maxRetries);
        if (memory.isPresent() && memory.getAsLong() < 1)
            throw new IllegalArgumentException(
                    "memory must be 1 byte or more, was " + memory.getAsLong());
    }

    static void traceId(String traceId) {
        if (!TRACE_ID.matcher(traceId).matches())
            throw new IllegalArgumentException(
                    "traceId must have 32 lower-case hexadecimal digits that are not all zero, had "
                            + traceId.length()
                            + " characters; leave it out if there is no trace");
    }

    static void period(
            Duration period,
            @Nullable Duration estimatedDuration,
            @Nullable Instant deadline,
            List<DependencyRequest> dependencies) {
        if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0)
            throw new IllegalArgumentException(
                    "period must be " + MIN_PERIOD + " .. " + MAX_PERIOD + ", was " + period);
        if (estimatedDuration != null && estimatedDuration.compareTo(period) > 0)
            throw new IllegalArgumentException(
                    "period must be at least the run time, estimatedDuration "
                            + estimatedDuration
                            + ", was "
                            + period);
        if (deadline != null)
            throw new IllegalArgumentException(
                    "deadline and period exclude each other, give a relativeDeadline");
        if (!dependencies.isEmpty())
            throw new IllegalArgumentException(
                    "dependencies and period exclude each other: each release is a task of its own");
    }
}
