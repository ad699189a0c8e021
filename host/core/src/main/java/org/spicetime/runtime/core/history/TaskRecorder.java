// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.Outcome;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Writes down what happens to the tasks of one domain. The common course of a task (ready, running,
 * completed) costs an object and three numbers. Guarded by the domain's guard.
 */
public final class TaskRecorder {

    private static final String HOST = "host";

    private final DomainId domain;
    private final HostRef host;
    private final boolean storing;
    private final ChangeLog changes = new ChangeLog();
    private final TaskLogs logs;
    private final HeldTimes held = new HeldTimes();

    /* About the call into the kernel that is under way. */
    private @Nullable String actor;
    private @Nullable TaskEntry subject;
    private @Nullable String message;
    private int slot = -1;

    /**
     * For the tasks of a domain on this host.
     *
     * @param storing whether durable tasks are stored, whose changes the store tells in order
     */
    public TaskRecorder(DomainId domain, HostRef host, InstantSource clock, boolean storing) {
        this.domain = domain;
        this.storing = storing;
        this.host = host;
        logs = new TaskLogs(clock, TaskLogs.MOST_BYTES);
    }

    /** The order of changes. */
    public ChangeLog changes() {
        return changes;
    }

    /** What follows, until {@link #done}, is caused by somebody; null: by the host itself. */
    public void by(@Nullable String who) {
        actor = who;
    }

    /** The next events of this task are explained by this. */
    public void explain(@Nullable TaskEntry entry, @Nullable String why) {
        subject = entry;
        message = why;
    }

    /** The next events happen on this slot. */
    public void on(int worker) {
        slot = worker;
    }

    /** The call into the kernel is over. */
    public void done() {
        actor = null;
        subject = null;
        message = null;
        slot = -1;
    }

    /** The domain dispatches nothing from now on, or dispatches again. */
    public void held(boolean nothing, Instant at) {
        held.held(nothing, at);
    }

    /** The task is new, or something about it has changed. */
    public void changed(TaskEntry entry) {
        TaskTrace trace = traceOf(entry);
        TaskPhase phase = entry.phase();
        boolean told = !isStored(entry) || isInMemoryOnly(trace, phase);
        String why = entry == subject ? message : null;
        if (trace.isEmpty() || trace.lastPhase() != phase || why != null) {
            WaitReason waitsFor = entry.waitsFor();
            if (phase == TaskPhase.WAITING_RESOURCE && waitsFor != null) {
                trace.addWait(entry.updatedAt(), waitsFor, entry.resource(), entry.blockedBy());
            } else {
                int worker = phase == TaskPhase.CANCELLING ? trace.lastWorker() : slot;
                RuntimeError error = entry.error();
                trace.add(
                        phase,
                        entry.updatedAt(),
                        worker,
                        actor,
                        error != null && phase.isFinal() ? error.message() : why);
            }
        }
        if (told) {
            changes.changed(trace);
        }
    }

    private boolean isStored(TaskEntry entry) {
        return storing && entry.durability() == Durability.DURABLE;
    }

    /* A stored task shows more in memory: that it gives way, that it waits, how far it is. */
    private static boolean isInMemoryOnly(TaskTrace trace, TaskPhase phase) {
        if (trace.isEmpty() || phase.isFinal()) {
            return false;
        }
        TaskPhase before = trace.lastPhase();
        return phase == before || isPassing(phase) || isPassing(before);
    }

    private static boolean isPassing(TaskPhase phase) {
        return phase == TaskPhase.PREEMPTED || phase == TaskPhase.WAITING_RESOURCE;
    }

    private static TaskTrace traceOf(TaskEntry entry) {
        if (entry.trace() instanceof TaskTrace trace) {
            return trace;
        }
        TaskTrace fresh = new TaskTrace(entry);
        entry.trace(fresh);
        return fresh;
    }

    /** The task was given to a worker. */
    public void picked(TaskEntry entry, Instant at) {
        if (entry.attempt() > 1) {
            traceOf(entry).attempt(entry.attempt(), at);
        }
    }

    /** An attempt has ended; before the kernel is told. */
    public void ending(TaskEntry entry, Outcome outcome, Instant at) {
        AttemptOutcome how = outcomeOf(entry.stopReason(), outcome);
        TaskTrace trace = traceOf(entry);
        if (how == AttemptOutcome.COMPLETED && !trace.hasAttempts()) {
            return;
        }
        AttemptRecord record = recordOf(trace, at);
        record.finishedAt = at;
        record.outcome = how;
        record.error = errorOf(entry, how, outcome);
        if (record.log != null) {
            record.log.close();
        }
        explain(entry, record.error == null ? null : record.error.message());
    }

    /** As {@link #ending}, after the kernel was told: the task's own error says more. */
    public void ended(TaskEntry entry) {
        RuntimeError error = entry.error();
        if (error != null && entry.isFinal()) {
            List<AttemptRecord> attempts = traceOf(entry).attempts();
            if (!attempts.isEmpty() && attempts.getLast().error != null) {
                attempts.getLast().error = error;
            }
        }
    }

    private static AttemptRecord recordOf(TaskTrace trace, Instant at) {
        TaskEntry entry = trace.entry;
        Instant first = entry.startedAt();
        return trace.attempt(entry.attempt(), entry.attempt() > 1 || first == null ? at : first);
    }

    private static AttemptOutcome outcomeOf(@Nullable StopReason stop, Outcome outcome) {
        if (stop != null) {
            return switch (stop) {
                case CANCELLED ->
                        outcome instanceof Outcome.Succeeded
                                ? AttemptOutcome.COMPLETED
                                : AttemptOutcome.CANCELLED;
                case TIME_LIMIT, DEADLINE -> AttemptOutcome.TIMED_OUT;
            };
        }
        return switch (outcome) {
            case Outcome.Succeeded s -> AttemptOutcome.COMPLETED;
            case Outcome.Failed f -> AttemptOutcome.FAILED;
            case Outcome.TimedOut t -> AttemptOutcome.TIMED_OUT;
            case Outcome.Cancelled c -> AttemptOutcome.CANCELLED;
            case Outcome.Requeued r -> AttemptOutcome.CANCELLED;
        };
    }

    private @Nullable RuntimeError errorOf(TaskEntry entry, AttemptOutcome how, Outcome outcome) {
        if (how == AttemptOutcome.FAILED && outcome instanceof Outcome.Failed failed) {
            return new RuntimeError(
                    failed.code(),
                    failed.message(),
                    domain.value(),
                    entry.taskId(),
                    failed.context());
        }
        return switch (how) {
            case TIMED_OUT ->
                    error(
                            entry,
                            RuntimeErrorCode.TASK_TIMEOUT,
                            outcome instanceof Outcome.TimedOut timedOut
                                    ? timedOut.message()
                                    : "the attempt exceeded its time limit");
            case CANCELLED ->
                    error(
                            entry,
                            RuntimeErrorCode.SCHEDULER_ERROR,
                            outcome instanceof Outcome.Requeued(String why) ? why : "cancelled");
            case COMPLETED, FAILED, LOST -> null;
        };
    }

    private RuntimeError error(TaskEntry entry, RuntimeErrorCode code, String text) {
        return new RuntimeError(code, text, domain.value(), entry.taskId(), Map.of());
    }

    /** The log of the attempt that runs. */
    public TaskLogs.AttemptLog log(TaskEntry entry, Instant now) {
        AttemptRecord record = recordOf(traceOf(entry), now);
        if (record.log == null) {
            record.log = logs.open();
        }
        return record.log;
    }

    /** The lines of the last attempt of this task that were not told yet; they are told now. */
    public TaskLogs.Untold untold(TaskEntry entry) {
        List<AttemptRecord> attempts = traceOf(entry).attempts();
        TaskLogs.AttemptLog log = attempts.isEmpty() ? null : attempts.getLast().log;
        return log == null ? TaskLogs.Untold.NOTHING : log.untold();
    }

    /** Why the last attempt of this task failed; null: it did not, or is not over. */
    public @Nullable RuntimeError lastError(TaskEntry entry) {
        List<AttemptRecord> attempts = traceOf(entry).attempts();
        return attempts.isEmpty() ? null : attempts.getLast().error;
    }

    /** How a task came to where it is, as far as the store is told of it. */
    public List<Transition> transitions(TaskEntry entry) {
        return traceOf(entry).stored();
    }

    /** It comes back from the store, which tells how it came as far as it is. */
    public void restored(TaskEntry entry, List<Transition> past) {
        TaskTrace trace = traceOf(entry);
        for (Transition step : past) {
            trace.add(step.to(), step.at(), -1, HOST.equals(step.by()) ? null : step.by(), null);
        }
    }

    /** What explains the present events of this task; null: nothing. */
    public @Nullable String explanation(TaskEntry entry) {
        return entry == subject ? message : null;
    }

    /** The task is not known any more. */
    public void purged(TaskEntry entry) {
        TaskTrace trace = traceOf(entry);
        trace.attempts().forEach(AttemptRecord::forget);
        if (isStored(entry)) {
            changes.forget(trace);
        } else {
            changes.purged(trace, entry.taskId());
        }
        entry.trace(null);
    }

    /**
     * What happened to a task.
     *
     * @param task as it is now
     * @param endOf when another task ended; null: it has not, or is not known
     */
    public TaskHistory history(
            TaskEntry entry, Task task, Now now, Function<TaskId, @Nullable Instant> endOf) {
        TaskTrace trace = traceOf(entry);
        return new TaskHistory(
                trace.transitions(),
                attempts(trace, task),
                new Waits(task, held, endOf).of(trace, now.instant()));
    }

    private List<TaskAttempt> attempts(TaskTrace trace, Task task) {
        List<TaskAttempt> told = new ArrayList<>();
        List<AttemptRecord> records = trace.attempts();
        Instant startedAt = task.metrics().startedAt();
        if (records.isEmpty() && startedAt != null) {
            told.add(
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
        records.forEach(record -> told.add(record.told(host)));
        return told;
    }
}
