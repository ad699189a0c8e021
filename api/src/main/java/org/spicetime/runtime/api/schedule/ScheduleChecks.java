// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskRequest;

/** Shapes that requests and updates share; a violation is told with its value and its range. */
final class ScheduleChecks {
    private static final int MAX_NAME_LENGTH = TaskRequest.MAX_NAME_LENGTH;
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private ScheduleChecks() {}

    static void name(String name) {
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH)
            throw new IllegalArgumentException(
                    "name must have 1 .. "
                            + MAX_NAME_LENGTH
                            + " characters and not be blank, had "
                            + name.length());
    }

    static void period(Duration period) {
        if (period.compareTo(TaskRequest.MIN_PERIOD) < 0
                || period.compareTo(TaskRequest.MAX_PERIOD) > 0)
            throw new IllegalArgumentException(
                    "period must be "
                            + TaskRequest.MIN_PERIOD
                            + " .. "
                            + TaskRequest.MAX_PERIOD
                            + ", was "
                            + period);
    }

    static void recurrence(Recurrence recurrence, TaskRequest task) {
        Duration run = task.estimatedDuration();
        if (recurrence instanceof Recurrence.FixedRate rate
                && run != null
                && run.compareTo(rate.period()) > 0)
            throw new IllegalArgumentException(
                    "period must be at least the run time, task.estimatedDuration "
                            + run
                            + ", was "
                            + rate.period());
    }

    static void cron(String expression) {
        if (expression.isBlank() || expression.length() > Recurrence.MAX_CRON_LENGTH)
            throw new IllegalArgumentException(
                    "cron must have 1 .. "
                            + Recurrence.MAX_CRON_LENGTH
                            + " characters and not be blank, had "
                            + expression.length());
    }

    static void relativeDeadline(@Nullable Duration deadline) {
        if (deadline != null
                && (!deadline.isPositive() || deadline.compareTo(TaskRequest.MAX_PERIOD) > 0))
            throw new IllegalArgumentException(
                    "relativeDeadline must be positive and at most "
                            + TaskRequest.MAX_PERIOD
                            + ", was "
                            + deadline);
    }

    static void startAt(@Nullable Instant startAt) {
        if (startAt != null && (startAt.isBefore(EARLIEST) || startAt.isAfter(LATEST)))
            throw new IllegalArgumentException(
                    "startAt must be " + EARLIEST + " .. " + LATEST + ", was " + startAt);
    }

    /** What the schedule itself decides is left out of the task. */
    static void task(TaskRequest task) {
        absent("deadline", task.deadline() != null);
        absent("relativeDeadline", task.relativeDeadline() != null);
        absent("runAt", task.runAt() != null);
        absent("period", task.period() != null);
        absent("dependencies", !task.dependencies().isEmpty());
        absent("idempotencyKey", task.idempotencyKey() != null);
        absent("traceId", task.traceId() != null);
    }

    private static void absent(String part, boolean present) {
        if (present)
            throw new IllegalArgumentException(
                    "task."
                            + part
                            + " must be left out of a schedule: each release is a task of its own");
    }
}
