// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRetry;

/** Decides about tasks whose owner is gone, by their crash policies. Thread-safe. */
public final class Settlement {

    private Settlement() {}

    /**
     * What becomes of a task that ran.
     *
     * @param record a task in RUNNING or CANCELLING
     * @param now the present
     * @return what is to be applied to it
     */
    public static TaskEvent.Lost lost(TaskRecord record, Instant now) {
        Task task = record.task();
        if (task.phase() == TaskPhase.CANCELLING) {
            return lost(
                    record,
                    now,
                    TaskPhase.CANCELLED,
                    null,
                    "was being cancelled when its host died");
        }
        return switch (task.request().onCrash()) {
            case ASK -> lost(record, now, TaskPhase.SUSPENDED, null, null);
            case RETRY ->
                    record.attemptsLeft() > 0
                            ? lost(record, now, TaskPhase.RETRY_WAIT, now.plus(delay(task)), null)
                            : lost(
                                    record,
                                    now,
                                    TaskPhase.FAILED,
                                    null,
                                    "its host died during the last attempt");
            case FAIL ->
                    lost(
                            record,
                            now,
                            TaskPhase.FAILED,
                            null,
                            "its host died, and it is not to run twice");
        };
    }

    private static TaskEvent.Lost lost(
            TaskRecord record,
            Instant now,
            TaskPhase after,
            @Nullable Instant readyAt,
            @Nullable String why) {
        Task task = record.task();
        return new TaskEvent.Lost(
                task.id(),
                now,
                Objects.requireNonNull(record.claim(), "claim of a running task"),
                after,
                readyAt,
                why == null
                        ? null
                        : new RuntimeError(
                                RuntimeErrorCode.SCHEDULER_ERROR,
                                "task " + task.id() + " " + why,
                                task.domain().value(),
                                task.id(),
                                Map.of("reason", "LOST_BY_CRASH")));
    }

    /* Without jitter: one host takes over at one instant, and the tasks are of many ages. */
    private static Duration delay(Task task) {
        TaskRetry retry = task.request().retry();
        double first = nanos(retry.initialDelay());
        int attempt = Math.max(1, task.attempt());
        double nanos =
                switch (retry.backoff()) {
                    case NONE -> 0;
                    case FIXED -> first;
                    case LINEAR -> first * attempt;
                    case EXPONENTIAL -> first * Math.pow(retry.multiplier(), attempt - 1.0);
                };
        return Duration.ofNanos((long) Math.min(nanos, nanos(retry.maxDelay())));
    }

    private static double nanos(Duration span) {
        return span.getSeconds() * 1e9 + span.getNano();
    }
}
