// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Something that happened to a task. Unless an event says otherwise the task is in the state the
 * event expects, or the append is refused as stale. Events about a run carry its {@link Claim}, so
 * a late word of an earlier run changes nothing. A constructor refuses components that are not as
 * described with an {@link IllegalArgumentException}. Immutable.
 */
public sealed interface TaskEvent extends StoreEvent {

    /**
     * Which task.
     *
     * @return its id
     */
    TaskId task();

    /**
     * Admitted. SCHEDULED, WAITING_DEPENDENCY or READY afterwards.
     *
     * @param admitted the task in its first state, its dependencies included
     * @param rank key of the domain's policy; smaller is more urgent
     * @param inputHash hash of the request, kept with its idempotency key; present exactly if the
     *     request has a key
     * @param handlerVersion version of its handler; null: not told
     * @param release what it is a release of; null: it was asked for by itself
     */
    record Submitted(
            Task admitted,
            long rank,
            @Nullable InputHash inputHash,
            @Nullable String handlerVersion,
            @Nullable Release release)
            implements TaskEvent {

        /** Checks the first phase, and that key and hash come together. */
        public Submitted {
            Check.unstarted(admitted.id(), admitted.phase());
            if ((admitted.request().idempotencyKey() != null) != (inputHash != null)) {
                throw new IllegalArgumentException(
                        "task " + admitted.id() + ": idempotency key and hash come together");
            }
        }

        @Override
        public TaskId task() {
            return admitted.id();
        }

        @Override
        public Instant at() {
            return admitted.createdAt();
        }
    }

    /**
     * READY: its time came, or its delay is over.
     *
     * @param task which task
     * @param at when
     * @param rank key of the domain's policy from now on
     */
    record BecameReady(TaskId task, Instant at, long rank) implements TaskEvent {}

    /**
     * A task it waits for did what was waited for.
     *
     * @param task which task
     * @param at when
     * @param dependency the task waited for
     * @param phaseAfter WAITING_DEPENDENCY, or after the last one SCHEDULED or READY
     */
    record DependencyResolved(TaskId task, Instant at, TaskId dependency, TaskPhase phaseAfter)
            implements TaskEvent {

        /** Checks the phase. */
        public DependencyResolved {
            Check.unstarted(task, phaseAfter);
        }
    }

    /**
     * A task it waits for failed, or took too long. A task that fails by it has a {@link Failed} in
     * the same append.
     *
     * @param task which task
     * @param at when
     * @param dependency the task waited for
     * @param timedOut whether it took too long
     * @param phaseAfter WAITING_DEPENDENCY; if the failure is ignored also SCHEDULED or READY
     */
    record DependencyFailed(
            TaskId task, Instant at, TaskId dependency, boolean timedOut, TaskPhase phaseAfter)
            implements TaskEvent {

        /** Checks the phase. */
        public DependencyFailed {
            Check.unstarted(task, phaseAfter);
        }
    }

    /**
     * RUNNING: an attempt began.
     *
     * @param task which task
     * @param at when
     * @param claim what this run is known by from now on
     */
    record Started(TaskId task, Instant at, Claim claim) implements TaskEvent {}

    /**
     * How far a run is. Best effort: may be left out when a newer one waits.
     *
     * @param task which task
     * @param at when
     * @param claim which run
     * @param ratio how far, 0 to 1
     */
    record Progress(TaskId task, Instant at, Claim claim, double ratio) implements TaskEvent {

        /** Checks the ratio. */
        public Progress {
            if (!(ratio >= 0 && ratio <= 1)) {
                throw new IllegalArgumentException("progress must be 0 to 1, was " + ratio);
            }
        }
    }

    /**
     * COMPLETED.
     *
     * @param task which task
     * @param at when
     * @param claim which run
     * @param result what the handler returned; null: nothing
     * @param ending what is written at the end
     */
    record Completed(TaskId task, Instant at, Claim claim, @Nullable Payload result, Ending ending)
            implements TaskEvent {}

    /**
     * FAILED for good.
     *
     * @param task which task
     * @param at when
     * @param claim which run; null: it failed without running
     * @param error why
     * @param ending what is written at the end
     */
    record Failed(TaskId task, Instant at, @Nullable Claim claim, RuntimeError error, Ending ending)
            implements TaskEvent {}

    /**
     * TIMED_OUT: its time limit, or its deadline.
     *
     * @param task which task
     * @param at when
     * @param claim which run; null: it was not running
     * @param error which limit
     * @param ending what is written at the end
     */
    record TimedOut(
            TaskId task, Instant at, @Nullable Claim claim, RuntimeError error, Ending ending)
            implements TaskEvent {}

    /**
     * RETRY_WAIT until an instant, after an attempt that failed.
     *
     * @param task which task
     * @param at when
     * @param claim which run
     * @param readyAt end of the delay
     * @param error why the attempt failed
     * @param metrics what it cost so far
     */
    record RetryAt(
            TaskId task,
            Instant at,
            Claim claim,
            Instant readyAt,
            RuntimeError error,
            TaskMetrics metrics)
            implements TaskEvent {}

    /**
     * CANCELLING: somebody wants a running task to end.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     * @param reason why; null: not told
     */
    record CancelRequested(TaskId task, Instant at, String by, @Nullable String reason)
            implements TaskEvent {

        /** Checks that somebody is named. */
        public CancelRequested {
            Check.notBlank("by", by);
        }
    }

    /**
     * CANCELLED.
     *
     * @param task which task
     * @param at when
     * @param claim which run; null: before it ran, or between two attempts
     * @param by who asked for it; not blank
     * @param error what is told of it
     * @param ending what is written at the end
     */
    record Cancelled(
            TaskId task,
            Instant at,
            @Nullable Claim claim,
            String by,
            RuntimeError error,
            Ending ending)
            implements TaskEvent {

        /** Checks that somebody is named. */
        public Cancelled {
            Check.notBlank("by", by);
        }
    }

    /**
     * SUSPENDED; the store keeps the phase it comes from.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     */
    record Suspended(TaskId task, Instant at, String by) implements TaskEvent {

        /** Checks that somebody is named. */
        public Suspended {
            Check.notBlank("by", by);
        }
    }

    /**
     * No longer suspended.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     * @param phaseAfter SCHEDULED, RETRY_WAIT, WAITING_DEPENDENCY or READY
     */
    record Resumed(TaskId task, Instant at, String by, TaskPhase phaseAfter) implements TaskEvent {

        /** Checks phase and person. */
        public Resumed {
            Check.phase(
                    task,
                    phaseAfter,
                    TaskPhase.SCHEDULED,
                    TaskPhase.RETRY_WAIT,
                    TaskPhase.WAITING_DEPENDENCY,
                    TaskPhase.READY);
            Check.notBlank("by", by);
        }
    }

    /**
     * Admitted again after it had failed: same id, attempts count on.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     * @param attemptsLeft its new budget; positive
     * @param phaseAfter READY, or WAITING_DEPENDENCY if it hangs on another one that is tried again
     * @param rank key of the domain's policy
     */
    record Retried(
            TaskId task, Instant at, String by, int attemptsLeft, TaskPhase phaseAfter, long rank)
            implements TaskEvent {

        /** Checks phase, budget and person. */
        public Retried {
            Check.phase(task, phaseAfter, TaskPhase.WAITING_DEPENDENCY, TaskPhase.READY);
            Check.atLeast("attempts left", attemptsLeft, 1);
            Check.notBlank("by", by);
        }
    }

    /**
     * Another base priority, and the rank that follows from it. Phase as before.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     * @param priority base priority; larger is more urgent
     * @param rank key of the domain's policy from now on
     */
    record Changed(TaskId task, Instant at, String by, int priority, long rank)
            implements TaskEvent {

        /** Checks that somebody is named. */
        public Changed {
            Check.notBlank("by", by);
        }
    }

    /**
     * Its deadline has passed; counted once. Phase as before.
     *
     * @param task which task
     * @param at when
     */
    record DeadlineMissed(TaskId task, Instant at) implements TaskEvent {}

    /**
     * A block of lines that an attempt logged.
     *
     * @param task which task
     * @param at when the block was handed over
     * @param claim which attempt
     * @param lines in order; not empty
     * @param dropped lines left out since the block before because there were too many; not
     *     negative. The store adds them up
     */
    record AttemptLogged(TaskId task, Instant at, Claim claim, List<LogLine> lines, long dropped)
            implements TaskEvent {

        /** Checks lines and number. */
        public AttemptLogged {
            lines = List.copyOf(lines);
            if (lines.isEmpty()) {
                throw new IllegalArgumentException("a block of log lines is not empty");
            }
            Check.notNegative("dropped", dropped);
        }
    }

    /**
     * The process that ran it is gone, and its crash policy decides.
     *
     * @param task which task
     * @param at when that was found out
     * @param claim the run that was lost
     * @param phaseAfter RETRY_WAIT, FAILED or SUSPENDED; CANCELLED if that was asked for before
     * @param readyAt end of the delay; present exactly with RETRY_WAIT
     * @param error what is told of it; present with FAILED and CANCELLED
     */
    record Lost(
            TaskId task,
            Instant at,
            Claim claim,
            TaskPhase phaseAfter,
            @Nullable Instant readyAt,
            @Nullable RuntimeError error)
            implements TaskEvent {

        /** Checks what belongs to the phase. */
        public Lost {
            Check.phase(
                    task,
                    phaseAfter,
                    TaskPhase.RETRY_WAIT,
                    TaskPhase.FAILED,
                    TaskPhase.SUSPENDED,
                    TaskPhase.CANCELLED);
            if ((readyAt != null) != (phaseAfter == TaskPhase.RETRY_WAIT)) {
                throw new IllegalArgumentException(
                        "task " + task + ": a delay belongs to RETRY_WAIT alone");
            }
            if (phaseAfter.isFinal() && error == null) {
                throw new IllegalArgumentException(
                        "task " + task + ": " + phaseAfter + " needs an error");
            }
        }
    }

    /**
     * The row of a finished task is gone; a tombstone tells those who resume.
     *
     * @param task which task
     * @param at when
     * @param by who asked for it; not blank
     */
    record Purged(TaskId task, Instant at, String by) implements TaskEvent {

        /** Checks that somebody is named. */
        public Purged {
            Check.notBlank("by", by);
        }
    }
}
