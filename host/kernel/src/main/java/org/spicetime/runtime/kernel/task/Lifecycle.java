// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * The transitions of tasks: the only place where a phase changes. Ends are worked off from a queue,
 * so a long chain of dependants needs no deep stack; {@link #settleEnds} must follow every change.
 * Guarded by the caller.
 */
final class Lifecycle {
    /** Ended tasks that are stored and kept here as well, for quick answers. */
    static final int MOST_STORED_ENDED = 1000;

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
    final TaskLimits limits;
    final AbsentHandlers handlers;
    final Counters counters = new Counters();
    final KernelListener listener;

    private final ArrayDeque<TaskEntry> ended = new ArrayDeque<>();

    /* Their ends are decided and not stored; whoever fails by them fails together with them. */
    private final ArrayDeque<TaskEntry> failing = new ArrayDeque<>();
    private int newlyReady;
    private final boolean durableStore;
    private int unstored;

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
        this.limits = new TaskLimits(settings.limits(), seat, this::back);
        this.handlers = new AbsentHandlers(this::back);
        this.durableStore = settings.durableStore();
    }

    /** Whether the end of this task is to be stored before anybody sees it. */
    boolean endsInTwoSteps(TaskEntry entry) {
        return durableStore && entry.durability == Durability.DURABLE;
    }

    /** Ends that are decided and not yet stored. */
    int unstored() {
        return unstored;
    }

    void move(TaskEntry entry, TaskPhase to, Now now) {
        // What is let in as it was prepared or stored has not changed since.
        boolean asItWas = !entry.announced && entry.phase == to;
        move(entry, to, asItWas ? entry.updatedAt : now.instant());
    }

    private void move(TaskEntry entry, TaskPhase to, Instant at) {
        counters.leave(entry.phase.status());
        counters.enter(to.status());
        entry.phase = to;
        changed(entry, at);
    }

    void changed(TaskEntry entry, Instant at) {
        entry.updatedAt = at;
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

    /* What it waited for aside is there. */
    private void back(TaskEntry entry, Now now) {
        ready(entry, TaskPhase.READY, EnqueueReason.WOKEN, now);
    }

    /** The task was taken out of the queue. */
    void unready(TaskEntry entry, Now now) {
        entry.lastWaitNanos = now.nanos() - entry.readySinceNanos;
        entry.waitNanos += entry.lastWaitNanos;
        entry.readySinceNanos = TaskEntry.NEVER;
        aging.left(entry);
    }

    void dequeue(TaskEntry entry, Now now) {
        limits.withdraw(entry, now);
        handlers.withdraw(entry);
        if (!entry.queued()) return;
        seat.remove(entry, now.nanos());
        unready(entry, now);
    }

    /**
     * Ends a task that is not on a worker, for good; one that is stored takes part in nothing any
     * more, and ends when {@link #stored} tells that its end holds.
     */
    void end(
            TaskEntry entry,
            TaskPhase how,
            @Nullable Payload result,
            @Nullable RuntimeError error,
            Now now) {
        dequeue(entry, now);
        if (entry.ownDeadline < now.nanos()) missed(entry, now);
        cancelTimers(entry);
        seat.forget(entry);
        entry.suspended = false;
        entry.result = result;
        entry.error = error;
        entry.finishedAtNanos = now.nanos();
        entry.finishedAt = now.instant();
        if (!endsInTwoSteps(entry)) {
            finish(entry, how, now);
            dependencies.abandon(entry, now);
            return;
        }
        ceilings.leave(entry);
        locks.ceilingsMoved(entry, now);
        dependencies.abandon(entry, now);
        entry.decided = how;
        unstored++;
        listener.ending(entry);
        if (how != TaskPhase.COMPLETED) failing.add(entry);
    }

    /** The decided end is stored: it can be seen, and those that wait for it go on. */
    void stored(TaskEntry entry, Now now) {
        TaskPhase how = entry.decided;
        if (how == null) throw new IllegalStateException("task " + entry + " is not ending");
        entry.decided = null;
        unstored--;
        conclude(entry, how, entry.finishedAt == null ? now.instant() : entry.finishedAt);
    }

    private void finish(TaskEntry entry, TaskPhase how, Now now) {
        ceilings.leave(entry);
        locks.ceilingsMoved(entry, now);
        conclude(entry, how, now.instant());
    }

    /* It ended when that was decided, however long it took to store it. */
    private void conclude(TaskEntry entry, TaskPhase how, Instant decidedAt) {
        if (how == TaskPhase.COMPLETED) counters.completed++;
        else counters.failed++;
        table.finish(entry, endsInTwoSteps(entry));
        ended.add(entry);
        move(entry, how, decidedAt);
        listener.finished(entry);
    }

    /**
     * Whether a task whose turn has come may start an attempt. Otherwise it waits aside, until its
     * handler is there and its limits have room for it.
     */
    boolean admits(TaskEntry entry, Now now) {
        if (handlers.keepsBack(entry)) {
            limits.withdraw(entry, now);
            setAside(entry, "handler " + entry.handler, now);
            return false;
        }
        if (limits.admits(entry, now)) return true;
        setAside(entry, null, now);
        return false;
    }

    private void setAside(TaskEntry entry, @Nullable String resource, Now now) {
        unready(entry, now);
        entry.waitsFor = WaitReason.LIMIT;
        entry.resource = resource;
        entry.blockedBy = null;
        move(entry, TaskPhase.WAITING_RESOURCE, now);
    }

    void missed(TaskEntry entry, Now now) {
        if (entry.deadlineMissed) return;
        entry.deadlineMissed = true;
        entry.updatedAt = now.instant();
        counters.deadlineMisses++;
        listener.missedDeadline(entry);
    }

    /**
     * The task is admitted again after its deadline: it counts as missed, and runs all the same.
     */
    void tooLate(TaskEntry entry, Now now) {
        timers.cancel(entry.deadlineTimer);
        entry.deadlineTimer = null;
        missed(entry, now);
    }

    /** Works off what follows from the tasks that ended, and forgets the oldest of them. */
    void settleEnds(int maxFinished, Now now) {
        for (TaskEntry entry = ended.poll(); entry != null; entry = ended.poll())
            dependencies.ended(entry, now);
        for (TaskEntry entry = failing.poll(); entry != null; entry = failing.poll())
            dependencies.failing(entry, now);
        for (TaskEntry old = table.purgeBeyond(maxFinished);
                old != null;
                old = table.purgeBeyond(maxFinished)) forget(old);
        for (TaskEntry old = table.takeStoredBeyond(MOST_STORED_ENDED);
                old != null;
                old = table.takeStoredBeyond(MOST_STORED_ENDED)) {
            dependencies.forget(old);
            listener.left(old);
        }
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
