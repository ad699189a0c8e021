// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.history.TaskLogs;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Leads the store from what it knows of a task to what the task has become. It compares the two
 * rather than follow single steps, so that every event fits the state that the events before it
 * have led to; being preempted and waiting on a thread are no states of the store. Guarded by the
 * domain's guard.
 */
final class TaskWriter {

    static final String HOST = "host";

    private static final int LINES_PER_BLOCK = 64;
    private static final long BETWEEN_TOLD = 1_000_000_000;

    private final Stored domain;

    TaskWriter(Stored domain) {
        this.domain = domain;
    }

    /**
     * Writes what has changed about a task that has not ended.
     *
     * @param by who changed it; null: the host itself
     */
    void changed(
            TaskEntry entry,
            StoredTask known,
            Lease lease,
            @Nullable String by,
            List<StoreEvent> to) {
        Instant at = entry.updatedAt();
        TaskPhase phase = phaseOf(entry);
        if (known.phase.isFinal() != phase.isFinal()) {
            if (phase.isFinal()) {
                return;
            }
            retried(entry, known, phase, by, to);
        }
        if (!known.phase.isFinal() && known.priority != entry.requestedPriority()) {
            known.priority = entry.requestedPriority();
            to.add(
                    new TaskEvent.Changed(
                            entry.taskId(), at, actor(by), known.priority, domain.rank(entry)));
        }
        if (known.phase != phase) {
            moved(entry, known, phase, lease, by, to);
        } else if (phase == TaskPhase.WAITING_DEPENDENCY) {
            resolve(entry, known, phase, at, to);
        }
    }

    private void moved(
            TaskEntry entry,
            StoredTask known,
            TaskPhase phase,
            Lease lease,
            @Nullable String by,
            List<StoreEvent> to) {
        TaskId id = entry.taskId();
        Instant at = entry.updatedAt();
        switch (phase) {
            case RUNNING, CANCELLING -> {
                if (!known.running()) {
                    unstarted(entry, known, TaskPhase.READY, lease, by, to);
                    known.phase = TaskPhase.RUNNING;
                    known.attempt = entry.attempt();
                    to.add(new TaskEvent.Started(id, at, lease.claim(known.attempt)));
                }
                if (phase == TaskPhase.CANCELLING && known.phase == TaskPhase.RUNNING) {
                    known.phase = TaskPhase.CANCELLING;
                    to.add(new TaskEvent.CancelRequested(id, at, actor(by), entry.stopDetail()));
                }
            }
            case SUSPENDED -> {
                if (known.running()) {
                    attemptOver(entry, known, at, lease, to);
                }
                known.phase = TaskPhase.SUSPENDED;
                to.add(new TaskEvent.Suspended(id, at, actor(by)));
            }
            case READY, SCHEDULED, RETRY_WAIT, WAITING_DEPENDENCY ->
                    unstarted(entry, known, phase, lease, by, to);
            case PREEMPTED, WAITING_RESOURCE, COMPLETED, FAILED, TIMED_OUT, CANCELLED -> {}
        }
    }

    /* To a phase in which it is not started. */
    private void unstarted(
            TaskEntry entry,
            StoredTask known,
            TaskPhase phase,
            Lease lease,
            @Nullable String by,
            List<StoreEvent> to) {
        TaskId id = entry.taskId();
        Instant at = entry.updatedAt();
        if (known.phase == TaskPhase.SUSPENDED) {
            known.phase = phase;
            to.add(new TaskEvent.Resumed(id, at, actor(by), phase));
            if (phase == TaskPhase.WAITING_DEPENDENCY) {
                resolve(entry, known, phase, at, to);
            }
            return;
        }
        if (known.running()) {
            Instant readyAt = entry.retryAt();
            attemptOver(
                    entry,
                    known,
                    phase == TaskPhase.RETRY_WAIT && readyAt != null ? readyAt : at,
                    lease,
                    to);
        }
        if (known.phase == TaskPhase.WAITING_DEPENDENCY && phase != known.phase) {
            resolve(entry, known, phase, at, to);
        }
        if (phase == TaskPhase.READY
                && (known.phase == TaskPhase.SCHEDULED || known.phase == TaskPhase.RETRY_WAIT)) {
            known.phase = TaskPhase.READY;
            to.add(new TaskEvent.BecameReady(id, at, domain.rank(entry)));
        }
    }

    private void attemptOver(
            TaskEntry entry, StoredTask known, Instant readyAt, Lease lease, List<StoreEvent> to) {
        Claim claim = lease.claim(known.attempt);
        logged(entry, claim, to);
        RuntimeError error = domain.lastError(entry);
        known.phase = TaskPhase.RETRY_WAIT;
        known.progress = -1;
        to.add(
                new TaskEvent.RetryAt(
                        entry.taskId(),
                        entry.updatedAt(),
                        claim,
                        readyAt,
                        error == null ? interrupted(entry, lease) : error,
                        domain.metrics(entry)));
    }

    private static RuntimeError interrupted(TaskEntry entry, Lease lease) {
        return new RuntimeError(
                RuntimeErrorCode.SCHEDULER_ERROR,
                "the attempt was ended by its domain, which stops",
                lease.domain().value(),
                entry.taskId(),
                Map.of());
    }

    /* What it waited for and the store does not know; the last one takes it to the phase after. */
    private void resolve(
            TaskEntry entry, StoredTask known, TaskPhase after, Instant at, List<StoreEvent> to) {
        List<TaskId> fresh = new ArrayList<>(4);
        List<TaskDependency> all = domain.dependencies(entry);
        for (TaskDependency dependency : all) {
            if (dependency.satisfied() && known.resolve(dependency.task())) {
                fresh.add(dependency.task());
            }
        }
        if (fresh.isEmpty() && after != TaskPhase.WAITING_DEPENDENCY && !all.isEmpty()) {
            fresh.add(all.getLast().task());
        }
        for (int i = 0; i < fresh.size(); i++) {
            TaskPhase phase = i == fresh.size() - 1 ? after : TaskPhase.WAITING_DEPENDENCY;
            to.add(new TaskEvent.DependencyResolved(entry.taskId(), at, fresh.get(i), phase));
            known.phase = phase;
        }
    }

    private void retried(
            TaskEntry entry,
            StoredTask known,
            TaskPhase phase,
            @Nullable String by,
            List<StoreEvent> to) {
        TaskPhase after =
                phase == TaskPhase.WAITING_DEPENDENCY
                        ? TaskPhase.WAITING_DEPENDENCY
                        : TaskPhase.READY;
        known.phase = after;
        to.add(
                new TaskEvent.Retried(
                        entry.taskId(),
                        entry.updatedAt(),
                        actor(by),
                        entry.request().maxRetries() + 1,
                        after,
                        domain.rank(entry)));
    }

    /** Its deadline has passed. */
    void missed(TaskEntry entry, StoredTask known, Instant at, List<StoreEvent> to) {
        if (!known.missed) {
            known.missed = true;
            to.add(new TaskEvent.DeadlineMissed(entry.taskId(), at));
        }
    }

    /**
     * Writes its end, which was decided and can be seen when this holds.
     *
     * @param by who is at it; null: the host itself
     */
    void ending(
            TaskEntry entry,
            StoredTask known,
            Lease lease,
            @Nullable String by,
            List<StoreEvent> to) {
        TaskId id = entry.taskId();
        TaskPhase phase = Objects.requireNonNull(entry.decided(), "decided phase");
        Instant at = Objects.requireNonNull(entry.finishedAt(), "end of a task that has ended");
        if (known.phase.isFinal()) {
            retried(entry, known, TaskPhase.WAITING_DEPENDENCY, by, to);
        }
        Claim claim = known.running() ? lease.claim(known.attempt) : null;
        if (claim != null) {
            if (entry.progress().isPresent() && entry.progress().getAsDouble() != known.progress) {
                known.progress = entry.progress().getAsDouble();
                to.add(new TaskEvent.Progress(id, at, claim, known.progress));
            }
            logged(entry, claim, to);
        }
        List<Transition> transitions = new ArrayList<>(domain.transitions(entry));
        transitions.add(new Transition(at, phase, actor(endedBy(phase, by))));
        Ending ending = new Ending(domain.metrics(entry), transitions);
        known.phase = phase;
        if (phase == TaskPhase.COMPLETED) {
            to.add(
                    new TaskEvent.Completed(
                            id,
                            at,
                            Objects.requireNonNull(claim, "claim of a completed task"),
                            entry.result(),
                            ending));
            return;
        }
        RuntimeError error = Objects.requireNonNull(entry.error(), "error of a failed task");
        to.add(
                switch (phase) {
                    case TIMED_OUT -> new TaskEvent.TimedOut(id, at, claim, error, ending);
                    case CANCELLED ->
                            new TaskEvent.Cancelled(id, at, claim, actor(by), error, ending);
                    default -> new TaskEvent.Failed(id, at, claim, error, ending);
                });
    }

    /** Nobody asks for a failure, though somebody may have ended what it follows from. */
    static @Nullable String endedBy(@Nullable TaskPhase how, @Nullable String by) {
        return how == TaskPhase.CANCELLED ? by : null;
    }

    /** How far it is; at most once per second. */
    void progressed(TaskEntry entry, StoredTask known, Lease lease, Now now, List<StoreEvent> to) {
        double ratio = entry.progress().orElse(-1);
        if (!known.running()
                || ratio == known.progress
                || ratio < 0
                || now.nanos() - known.toldNanos < BETWEEN_TOLD && known.progress >= 0) {
            return;
        }
        known.progress = ratio;
        known.toldNanos = now.nanos();
        Claim claim = lease.claim(known.attempt);
        to.add(new TaskEvent.Progress(entry.taskId(), now.instant(), claim, ratio));
        logged(entry, claim, to);
    }

    private void logged(TaskEntry entry, Claim claim, List<StoreEvent> to) {
        TaskLogs.Untold untold = domain.untoldLines(entry);
        int size = untold.lines().size();
        for (int i = 0; i < size; i += LINES_PER_BLOCK) {
            to.add(
                    new TaskEvent.AttemptLogged(
                            entry.taskId(),
                            entry.updatedAt(),
                            claim,
                            untold.lines().subList(i, Math.min(size, i + LINES_PER_BLOCK)),
                            i == 0 ? untold.dropped() : 0));
        }
    }

    /** The phase the store is to know. */
    static TaskPhase phaseOf(TaskEntry entry) {
        TaskPhase phase = entry.phase();
        if (phase == TaskPhase.WAITING_RESOURCE && !entry.started()) {
            // It waits for a limit to have room, and was never on a worker in this attempt.
            return TaskPhase.READY;
        }
        return switch (phase) {
            case RUNNING, CANCELLING, PREEMPTED, WAITING_RESOURCE ->
                    entry.stopReason() == StopReason.CANCELLED
                            ? TaskPhase.CANCELLING
                            : TaskPhase.RUNNING;
            default -> phase;
        };
    }

    private static String actor(@Nullable String by) {
        return by == null ? HOST : by;
    }
}
