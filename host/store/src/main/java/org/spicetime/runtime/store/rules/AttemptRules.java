// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.LogLine;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * What is kept of the attempts of a task: those after the first one, those that did not end well,
 * and those that logged. Nothing is kept of an only attempt that goes well in silence, so that it
 * costs no write of its own. Thread-safe.
 */
public final class AttemptRules {

    private AttemptRules() {}

    /**
     * The attempt an event is about.
     *
     * @param event the event
     * @return from 1; 0: none
     */
    public static int number(TaskEvent event) {
        Claim claim =
                switch (event) {
                    case TaskEvent.Started started -> started.claim();
                    case TaskEvent.Completed completed -> completed.claim();
                    case TaskEvent.Failed failed -> failed.claim();
                    case TaskEvent.TimedOut late -> late.claim();
                    case TaskEvent.Cancelled cancelled -> cancelled.claim();
                    case TaskEvent.RetryAt retry -> retry.claim();
                    case TaskEvent.AttemptLogged logged -> logged.claim();
                    case TaskEvent.Lost lost -> lost.claim();
                    default -> null;
                };
        return claim == null ? 0 : claim.attempt();
    }

    /**
     * What is kept of an attempt after an event about it.
     *
     * @param event the event, which has been applied to the task
     * @param task the task afterwards
     * @param firstStart when the task was first started, as it was known before the event
     * @param kept what was kept before; null: nothing
     * @param host where the attempt runs or ran
     * @return null: nothing is to be kept
     */
    public static @Nullable TaskAttempt after(
            TaskEvent event,
            TaskDraft task,
            @Nullable Instant firstStart,
            @Nullable TaskAttempt kept,
            HostRef host) {
        int number = number(event);
        TaskAttempt so =
                kept != null
                        ? kept
                        : new TaskAttempt(
                                number,
                                number > 1 || firstStart == null ? event.at() : firstStart,
                                null,
                                null,
                                null,
                                host,
                                List.of(),
                                0);
        return switch (event) {
            case TaskEvent.Started started -> number > 1 ? so : null;
            case TaskEvent.Completed completed ->
                    kept == null && number == 1
                            ? null
                            : ended(so, event, AttemptOutcome.COMPLETED, null);
            case TaskEvent.Failed failed ->
                    ended(so, event, failing(failed.error()), failed.error());
            case TaskEvent.RetryAt retry -> ended(so, event, failing(retry.error()), retry.error());
            case TaskEvent.TimedOut late ->
                    ended(so, event, AttemptOutcome.TIMED_OUT, late.error());
            case TaskEvent.Cancelled cancelled ->
                    ended(so, event, AttemptOutcome.CANCELLED, cancelled.error());
            case TaskEvent.Lost lost -> ended(so, event, AttemptOutcome.LOST, lost.error());
            case TaskEvent.AttemptLogged logged ->
                    logged(kept == null ? silent(so, task) : so, logged);
            default -> kept;
        };
    }

    private static AttemptOutcome failing(RuntimeError error) {
        return error.code() == RuntimeErrorCode.TASK_TIMEOUT
                ? AttemptOutcome.TIMED_OUT
                : AttemptOutcome.FAILED;
    }

    private static TaskAttempt ended(
            TaskAttempt attempt,
            TaskEvent event,
            AttemptOutcome outcome,
            @Nullable RuntimeError error) {
        return new TaskAttempt(
                attempt.number(),
                attempt.startedAt(),
                event.at(),
                outcome,
                error,
                attempt.host(),
                attempt.log(),
                attempt.linesDropped());
    }

    /* Lines may come after an attempt that went well and of which nothing is kept. */
    private static TaskAttempt silent(TaskAttempt attempt, TaskDraft task) {
        boolean over = task.phase == TaskPhase.COMPLETED;
        return new TaskAttempt(
                attempt.number(),
                attempt.startedAt(),
                over ? task.updatedAt : null,
                over ? AttemptOutcome.COMPLETED : null,
                null,
                attempt.host(),
                List.of(),
                0);
    }

    private static TaskAttempt logged(TaskAttempt attempt, TaskEvent.AttemptLogged event) {
        List<TaskLogLine> all = new ArrayList<>(attempt.log());
        for (LogLine line : event.lines()) {
            all.add(new TaskLogLine(line.at(), level(line.level()), line.text()));
        }
        int over = Math.max(0, all.size() - TaskAttempt.MAX_LOG_LINES);
        return new TaskAttempt(
                attempt.number(),
                attempt.startedAt(),
                attempt.finishedAt(),
                attempt.outcome(),
                attempt.error(),
                attempt.host(),
                all.subList(over, all.size()),
                attempt.linesDropped() + event.dropped() + over);
    }

    private static LogLevel level(System.Logger.Level level) {
        return switch (Objects.requireNonNull(level)) {
            case ALL, TRACE -> LogLevel.TRACE;
            case DEBUG -> LogLevel.DEBUG;
            case INFO -> LogLevel.INFO;
            case WARNING -> LogLevel.WARN;
            case ERROR, OFF -> LogLevel.ERROR;
        };
    }
}
