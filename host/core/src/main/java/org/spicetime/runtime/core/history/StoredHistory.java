// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/**
 * What happened to a task that is not in memory any more, as the store tells it: what lasted (its
 * phases and who caused them, its attempts with their lines), not on which slot it ran, nor what it
 * waited for on its thread. Thread-safe.
 */
public final class StoredHistory {

    private static final String HOST = "host";

    private StoredHistory() {}

    /**
     * The history of a stored task.
     *
     * @param kept the attempts that tell more than the task itself
     * @param host told for an only attempt of which nothing else is kept
     */
    public static TaskHistory of(TaskRecord record, List<TaskAttempt> kept, HostRef host) {
        List<Transition> steps = steps(record);
        List<TaskTransition> transitions = new ArrayList<>(steps.size());
        for (Transition step : steps) {
            transitions.add(
                    new TaskTransition(
                            step.at(),
                            step.to(),
                            null,
                            step.by().equals(HOST) ? null : step.by(),
                            messageOf(record.task(), step)));
        }
        return new TaskHistory(transitions, attempts(record.task(), kept, host), waits(record));
    }

    /** What is known in memory, with the attempts of earlier runs of the host. */
    public static TaskHistory before(TaskHistory known, List<TaskAttempt> kept) {
        int first =
                known.attempts().isEmpty()
                        ? Integer.MAX_VALUE
                        : known.attempts().getFirst().number();
        List<TaskAttempt> attempts = new ArrayList<>();
        kept.stream().filter(attempt -> attempt.number() < first).forEach(attempts::add);
        attempts.addAll(known.attempts());
        return new TaskHistory(known.transitions(), attempts, known.waits());
    }

    /** How a stored task came where it is, its admission included. */
    public static List<Transition> steps(TaskRecord record) {
        Task task = record.task();
        return record.transitions().isEmpty()
                ? List.of(new Transition(task.createdAt(), task.phase(), task.request().owner()))
                : record.transitions();
    }

    private static @Nullable String messageOf(Task task, Transition step) {
        return step.to().isFinal() && step.to() == task.phase() && task.error() != null
                ? task.error().message()
                : null;
    }

    private static List<TaskAttempt> attempts(Task task, List<TaskAttempt> kept, HostRef host) {
        Instant startedAt = task.metrics().startedAt();
        if (!kept.isEmpty() || startedAt == null || task.attempt() == 0) {
            return kept;
        }
        return List.of(
                new TaskAttempt(
                        task.attempt(),
                        startedAt,
                        task.metrics().finishedAt(),
                        task.phase().isFinal() ? AttemptOutcome.COMPLETED : null,
                        null,
                        host,
                        List.of(),
                        0));
    }

    private static List<TaskWait> waits(TaskRecord record) {
        List<Transition> steps = steps(record);
        List<TaskWait> waits = new ArrayList<>();
        int i = 0;
        while (i < steps.size() - 1) {
            WaitReason reason = reasonOf(steps.get(i).to());
            Instant since = steps.get(i).at();
            i++;
            while (i < steps.size() - 1 && reasonOf(steps.get(i).to()) == reason) {
                i++;
            }
            Duration length = Duration.between(since, steps.get(i).at());
            if (reason != null && length.isPositive()) {
                TaskId blockedBy = reason == WaitReason.DEPENDENCY ? only(record.task()) : null;
                waits.add(new TaskWait(reason, since, length, false, blockedBy, null));
            }
        }
        return waits;
    }

    private static @Nullable TaskId only(Task task) {
        List<TaskDependency> dependencies = task.dependencies();
        return dependencies.size() == 1 ? dependencies.getFirst().task() : null;
    }

    private static @Nullable WaitReason reasonOf(TaskPhase phase) {
        return switch (phase) {
            case READY, PREEMPTED -> WaitReason.PROCESSOR;
            case SCHEDULED -> WaitReason.SCHEDULE;
            case RETRY_WAIT -> WaitReason.RETRY;
            case WAITING_DEPENDENCY -> WaitReason.DEPENDENCY;
            case SUSPENDED -> WaitReason.HELD;
            case WAITING_RESOURCE, RUNNING, CANCELLING, COMPLETED, FAILED, TIMED_OUT, CANCELLED ->
                    null;
        };
    }
}
