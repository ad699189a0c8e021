// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * What an event makes of a task, and in which phases it may come. An event that comes in another
 * one, or speaks of another run, is stale. Thread-safe.
 */
public final class TaskRules {

    private static final String HOST = "host";

    private static final Set<TaskPhase> RUNNING =
            EnumSet.of(TaskPhase.RUNNING, TaskPhase.CANCELLING);
    private static final Set<TaskPhase> UNSTARTED =
            EnumSet.of(
                    TaskPhase.SCHEDULED,
                    TaskPhase.RETRY_WAIT,
                    TaskPhase.WAITING_DEPENDENCY,
                    TaskPhase.READY);
    private static final Set<TaskPhase> IDLE =
            EnumSet.of(
                    TaskPhase.SCHEDULED,
                    TaskPhase.RETRY_WAIT,
                    TaskPhase.WAITING_DEPENDENCY,
                    TaskPhase.READY,
                    TaskPhase.SUSPENDED);
    private static final Set<TaskPhase> UNSUCCESSFUL =
            EnumSet.of(TaskPhase.FAILED, TaskPhase.TIMED_OUT, TaskPhase.CANCELLED);

    private TaskRules() {}

    /**
     * Applies an event.
     *
     * @param task the task; unchanged in what counts if the event is refused, but not to be used
     * @param event what happened
     * @param lease under which it is told
     * @throws StoreException if it is stale
     */
    @SuppressWarnings("ReferenceEquality") // the same list: the event told no step itself
    public static void apply(TaskDraft task, TaskEvent event, Lease lease) {
        TaskPhase before = task.phase;
        List<Transition> known = task.transitions;
        change(task, event, lease);
        if (!(event instanceof TaskEvent.AttemptLogged)) {
            task.visible = true;
            task.updatedAt = event.at();
        }
        if (task.phase != before && task.transitions == known) {
            task.transitions =
                    Steps.more(
                            Steps.first(known, task.admitted(before)),
                            event.at(),
                            task.phase,
                            task.changedBy);
        }
    }

    private static void change(TaskDraft task, TaskEvent event, Lease lease) {
        switch (event) {
            case TaskEvent.Submitted again -> throw stale(task.id(), "was admitted before", event);
            case TaskEvent.BecameReady ready -> {
                expect(task, event, EnumSet.of(TaskPhase.SCHEDULED, TaskPhase.RETRY_WAIT));
                move(task, TaskPhase.READY);
                task.rank = ready.rank();
            }
            case TaskEvent.DependencyResolved resolved ->
                    edge(task, event, resolved.dependency(), resolved.phaseAfter());
            case TaskEvent.DependencyFailed failed ->
                    edge(task, event, failed.dependency(), failed.phaseAfter());
            case TaskEvent.Started started -> start(task, started, lease);
            case TaskEvent.Progress progress -> {
                expectRun(task, event, progress.claim());
                task.progress = OptionalDouble.of(progress.ratio());
            }
            case TaskEvent.Completed completed -> {
                expectRun(task, event, completed.claim());
                task.result = completed.result();
                end(task, TaskPhase.COMPLETED, null, completed.ending(), HOST);
            }
            case TaskEvent.Failed failed -> {
                expectRunOrIdle(task, event, failed.claim());
                end(task, TaskPhase.FAILED, failed.error(), failed.ending(), HOST);
            }
            case TaskEvent.TimedOut late -> {
                expectRunOrIdle(task, event, late.claim());
                end(task, TaskPhase.TIMED_OUT, late.error(), late.ending(), HOST);
            }
            case TaskEvent.Cancelled cancelled -> {
                expectRunOrIdle(task, event, cancelled.claim());
                end(
                        task,
                        TaskPhase.CANCELLED,
                        cancelled.error(),
                        cancelled.ending(),
                        cancelled.by());
            }
            case TaskEvent.RetryAt retry -> {
                expectRun(task, event, retry.claim());
                expect(task, event, EnumSet.of(TaskPhase.RUNNING));
                move(task, TaskPhase.RETRY_WAIT);
                task.readyAt = retry.readyAt();
                task.metrics = retry.metrics();
            }
            case TaskEvent.CancelRequested request -> {
                expect(task, event, EnumSet.of(TaskPhase.RUNNING));
                task.phaseBefore = task.phase;
                task.phase = TaskPhase.CANCELLING;
                task.changedBy = request.by();
            }
            case TaskEvent.Suspended suspended -> {
                expect(task, event, UNSTARTED);
                task.phaseBefore = task.phase;
                task.phase = TaskPhase.SUSPENDED;
                task.changedBy = suspended.by();
            }
            case TaskEvent.Resumed resumed -> {
                expect(task, event, EnumSet.of(TaskPhase.SUSPENDED));
                resume(task, resumed);
            }
            case TaskEvent.Retried retried -> {
                expect(task, event, UNSUCCESSFUL);
                move(task, retried.phaseAfter());
                task.attemptsLeft = retried.attemptsLeft();
                task.rank = retried.rank();
                task.error = null;
                task.changedBy = retried.by();
            }
            case TaskEvent.Changed changed -> {
                expectUnfinished(task, event);
                task.priority = changed.priority();
                task.rank = changed.rank();
                task.changedBy = changed.by();
            }
            case TaskEvent.DeadlineMissed missed -> {
                if (task.deadlineMissed) {
                    throw stale(task.id(), "has missed its deadline before", event);
                }
                task.deadlineMissed = true;
            }
            case TaskEvent.AttemptLogged logged -> expectAttempt(task, event, logged.claim());
            case TaskEvent.Lost lost -> lose(task, lost);
            case TaskEvent.Purged purged -> {
                if (!task.phase.isFinal()) {
                    throw stale(task.id(), "has not finished", event);
                }
                task.purged = true;
            }
        }
    }

    private static void move(TaskDraft task, TaskPhase to) {
        task.phase = to;
        task.phaseBefore = null;
        task.claim = null;
        task.readyAt = null;
        task.progress = OptionalDouble.empty();
        task.changedBy = HOST;
    }

    private static void edge(TaskDraft task, TaskEvent event, TaskId on, TaskPhase after) {
        expect(task, event, EnumSet.of(TaskPhase.WAITING_DEPENDENCY));
        if (task.dependencies.stream().noneMatch(edge -> edge.task().equals(on))) {
            throw stale(task.id(), "does not depend on " + on, event);
        }
        task.dependencies =
                task.dependencies.stream()
                        .map(edge -> edge.task().equals(on) ? satisfied(edge) : edge)
                        .toList();
        move(task, after);
        task.scheduled();
    }

    private static TaskDependency satisfied(TaskDependency edge) {
        return new TaskDependency(edge.task(), edge.type(), edge.timeout(), true);
    }

    private static void start(TaskDraft task, TaskEvent.Started event, Lease lease) {
        expect(task, event, EnumSet.of(TaskPhase.READY));
        Claim claim = event.claim();
        if (!claim.equals(lease.claim(claim.attempt())) || claim.attempt() <= task.attempt) {
            throw stale(task.id(), "is not to be started by " + claim, event);
        }
        move(task, TaskPhase.RUNNING);
        task.claim = claim;
        task.attempt = claim.attempt();
        task.attemptsLeft = Math.max(0, task.attemptsLeft - 1);
        TaskMetrics so = task.metrics;
        if (so.startedAt() == null) {
            task.metrics =
                    new TaskMetrics(
                            event.at(),
                            so.finishedAt(),
                            so.duration(),
                            so.waitTime(),
                            so.cpuNanos(),
                            so.cpuAccuracy(),
                            so.poolPeakBytes(),
                            so.ioOperations(),
                            so.heapAllocatedBytes(),
                            so.preemptions());
        }
    }

    private static void end(
            TaskDraft task,
            TaskPhase phase,
            @Nullable RuntimeError error,
            Ending ending,
            String by) {
        OptionalDouble progress = task.progress;
        move(task, phase);
        task.progress = progress;
        task.error = error;
        task.metrics = ending.metrics();
        task.transitions = ending.transitions();
        task.changedBy = by;
    }

    private static void resume(TaskDraft task, TaskEvent.Resumed event) {
        var readyAt = task.readyAt;
        boolean delayed = task.phaseBefore == TaskPhase.RETRY_WAIT;
        move(task, event.phaseAfter());
        if (event.phaseAfter() == TaskPhase.RETRY_WAIT) {
            task.readyAt = delayed && readyAt != null ? readyAt : event.at();
        } else {
            task.scheduled();
        }
        task.changedBy = event.by();
    }

    private static void lose(TaskDraft task, TaskEvent.Lost event) {
        expectRun(task, event, event.claim());
        boolean cancelling = task.phase == TaskPhase.CANCELLING;
        if (cancelling != (event.phaseAfter() == TaskPhase.CANCELLED)) {
            throw stale(task.id(), "is " + task.phase, event);
        }
        move(task, event.phaseAfter());
        task.readyAt = event.readyAt();
        if (event.phaseAfter() == TaskPhase.SUSPENDED) {
            task.phaseBefore = TaskPhase.READY;
        }
        if (event.phaseAfter().isFinal()) {
            task.error = event.error();
        }
    }

    private static void expect(TaskDraft task, TaskEvent event, Set<TaskPhase> phases) {
        if (!phases.contains(task.phase)) {
            throw stale(task.id(), "is " + task.phase + ", not one of " + phases, event);
        }
    }

    private static void expectUnfinished(TaskDraft task, TaskEvent event) {
        if (task.phase.isFinal()) {
            throw stale(task.id(), "is " + task.phase, event);
        }
    }

    private static void expectRun(TaskDraft task, TaskEvent event, Claim claim) {
        expect(task, event, RUNNING);
        if (!claim.equals(task.claim)) {
            throw stale(task.id(), "runs as " + task.claim + ", not as " + claim, event);
        }
    }

    private static void expectRunOrIdle(TaskDraft task, TaskEvent event, @Nullable Claim claim) {
        if (claim == null) {
            expect(task, event, IDLE);
        } else {
            expectRun(task, event, claim);
        }
    }

    /* Log lines may come after the end of their attempt. */
    private static void expectAttempt(TaskDraft task, TaskEvent event, Claim claim) {
        if (claim.attempt() > task.attempt) {
            throw stale(task.id(), "has made " + task.attempt + " attempts", event);
        }
    }

    /**
     * The refusal of an event.
     *
     * @param task which task
     * @param what what does not fit
     * @param event what is refused
     * @return to be thrown
     */
    public static StoreException stale(TaskId task, String what, TaskEvent event) {
        return new StoreException(
                StoreException.Reason.STALE,
                "task %s: %s; %s is refused"
                        .formatted(task, what, event.getClass().getSimpleName()));
    }
}
