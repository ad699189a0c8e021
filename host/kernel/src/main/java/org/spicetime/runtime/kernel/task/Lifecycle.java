// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * The transitions of tasks: the only place where a phase changes. Ends are worked off from a queue,
 * so a long chain of dependants needs no deep stack; {@link #settleEnds} must follow every change.
 * Guarded by the caller.
 */
final class Lifecycle {
    final DomainId domain;
    final TaskTable table;
    final PolicySeat seat;
    final TimerHeap timers;
    final Slices slices;
    final Aging aging;
    final Ceilings ceilings;
    final Inheritance inheritance;
    final Locks locks;
    final Dependencies dependencies;
    final Counters counters = new Counters();
    final KernelListener listener;

    private final ArrayDeque<TaskEntry> ended = new ArrayDeque<>();
    private int newlyReady;

    Lifecycle(
            DomainId domain,
            TaskTable table,
            PolicySeat seat,
            KernelListener listener,
            KernelSettings settings) {
        this.domain = domain;
        this.table = table;
        this.seat = seat;
        this.listener = listener;
        this.timers = new TimerHeap();
        this.slices = new Slices(seat, listener, settings);
        this.aging = new Aging(seat, slices, settings.priorities());
        this.ceilings = new Ceilings(settings.priorities());
        this.inheritance = new Inheritance(seat, slices, aging, ceilings, settings.priorities());
        this.locks = new Locks(this);
        this.dependencies = new Dependencies(this);
    }

    void move(TaskEntry entry, TaskPhase to, Now now) {
        counters.leave(entry.phase.status());
        counters.enter(to.status());
        entry.phase = to;
        changed(entry, now);
    }

    void changed(TaskEntry entry, Now now) {
        entry.updatedAt = now.instant();
        entry.announced = true;
        listener.changed(entry);
    }

    /** Puts a task that is neither on a worker nor queued where it belongs. */
    void settle(TaskEntry entry, Now now) {
        if (entry.suspended) rest(entry, TaskPhase.SUSPENDED, now);
        else if (entry.unmet > 0) rest(entry, TaskPhase.WAITING_DEPENDENCY, now);
        else if (entry.runAtTimer != null) rest(entry, TaskPhase.SCHEDULED, now);
        else if (entry.retryTimer != null) rest(entry, TaskPhase.RETRY_WAIT, now);
        else ready(entry, TaskPhase.READY, EnqueueReason.NEW, now);
    }

    private void rest(TaskEntry entry, TaskPhase phase, Now now) {
        if (entry.phase != phase || !entry.announced) move(entry, phase, now);
    }

    void ready(TaskEntry entry, TaskPhase phase, EnqueueReason reason, Now now) {
        if (entry.seq < 0) {
            entry.seq = seat.nextSeq();
            entry.releasedAt = now.nanos();
        }
        entry.readySinceNanos = now.nanos();
        move(entry, phase, now);
        seat.enqueue(entry, reason, now.nanos());
        slices.arrived(entry);
        aging.queued(entry, now);
        newlyReady++;
    }

    /** The task was taken out of the queue. */
    void unready(TaskEntry entry, Now now) {
        entry.lastWaitNanos = now.nanos() - entry.readySinceNanos;
        entry.waitNanos += entry.lastWaitNanos;
        entry.readySinceNanos = TaskEntry.NEVER;
        aging.left(entry);
    }

    void dequeue(TaskEntry entry, Now now) {
        if (!entry.queued()) return;
        seat.remove(entry, now.nanos());
        unready(entry, now);
    }

    /** Ends a task that is not on a worker, for good. */
    void end(
            TaskEntry entry,
            TaskPhase how,
            @Nullable Payload result,
            @Nullable RuntimeError error,
            Now now) {
        dequeue(entry, now);
        if (entry.ownDeadline < now.nanos()) missed(entry);
        cancelTimers(entry);
        seat.forget(entry);
        entry.suspended = false;
        entry.result = result;
        entry.error = error;
        entry.finishedAtNanos = now.nanos();
        entry.finishedAt = now.instant();
        if (how == TaskPhase.COMPLETED) counters.completed++;
        else counters.failed++;
        table.finish(entry);
        ceilings.leave(entry);
        locks.ceilingsMoved(entry, now);
        ended.add(entry);
        move(entry, how, now);
        listener.finished(entry);
        dependencies.abandon(entry, now);
    }

    void missed(TaskEntry entry) {
        if (entry.deadlineMissed) return;
        entry.deadlineMissed = true;
        counters.deadlineMisses++;
        listener.missedDeadline(entry);
    }

    /**
     * The task is admitted again after its deadline: it counts as missed, and runs all the same.
     */
    void tooLate(TaskEntry entry) {
        timers.cancel(entry.deadlineTimer);
        entry.deadlineTimer = null;
        missed(entry);
    }

    /** Works off what follows from the tasks that ended, and forgets the oldest of them. */
    void settleEnds(int maxFinished, Now now) {
        for (TaskEntry entry = ended.poll(); entry != null; entry = ended.poll())
            dependencies.ended(entry, now);
        for (TaskEntry old = table.purgeBeyond(maxFinished);
                old != null;
                old = table.purgeBeyond(maxFinished)) forget(old);
    }

    /** Forgets a task that has ended, before it is the oldest. */
    void purge(TaskEntry entry) {
        table.purge(entry);
        forget(entry);
    }

    private void forget(TaskEntry old) {
        dependencies.forget(old);
        listener.purged(old);
    }

    int takeNewlyReady() {
        int count = newlyReady;
        newlyReady = 0;
        return count;
    }

    void prompt() {
        newlyReady++;
    }

    RuntimeError error(
            TaskEntry entry, RuntimeErrorCode code, String message, Map<String, Object> context) {
        return new RuntimeError(code, message, domain.value(), entry.id, context);
    }

    private void cancelTimers(TaskEntry entry) {
        timers.cancel(entry.runAtTimer);
        timers.cancel(entry.deadlineTimer);
        timers.cancel(entry.timeLimitTimer);
        timers.cancel(entry.retryTimer);
        entry.runAtTimer = null;
        entry.deadlineTimer = null;
        entry.timeLimitTimer = null;
        entry.retryTimer = null;
    }
}
