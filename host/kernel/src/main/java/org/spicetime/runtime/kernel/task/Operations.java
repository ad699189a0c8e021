// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;

/** What clients and operators do to tasks. Guarded by the caller. */
final class Operations {
    private final Lifecycle lifecycle;
    private final Attempts attempts;
    private final Admissions admissions;

    Operations(Lifecycle lifecycle, Attempts attempts, Admissions admissions) {
        this.lifecycle = lifecycle;
        this.attempts = attempts;
        this.admissions = admissions;
    }

    TaskEntry cancel(TaskId id, @Nullable String reason, Now now) {
        TaskEntry entry = requireUnfinished(id);
        cancel(entry, reason, now);
        return entry;
    }

    private void cancel(TaskEntry entry, @Nullable String reason, Now now) {
        if (entry.started) attempts.stop(entry, StopReason.CANCELLED, reason, now);
        else attempts.cancelled(entry, reason, now);
    }

    int cancelAll(@Nullable String reason, Now now) {
        int count = 0;
        for (TaskEntry entry : lifecycle.table.unfinishedEntries()) {
            if (entry.isOver()) continue;
            cancel(entry, reason, now);
            count++;
        }
        return count;
    }

    TaskEntry retry(TaskId id, boolean cascade, KernelSettings settings, Now now) {
        TaskEntry entry = lifecycle.table.require(id);
        if (entry.phase.status() != TaskStatus.FAILED)
            throw RefusedException.conflict(
                    "only a FAILED task can be retried; task " + id + " is " + entry.phase);
        new AdmissionCheck(settings, lifecycle.table, now).checkCapacity(1);
        reopen(entry, now);
        if (cascade) cascade(entry, now);
        return entry;
    }

    /* Breadth first, so that each one finds what it waits for open again. */
    private void cascade(TaskEntry root, Now now) {
        ArrayDeque<TaskEntry> open = new ArrayDeque<>();
        open.add(root);
        for (TaskEntry on = open.poll(); on != null; on = open.poll()) {
            if (on.isOver()) continue;
            for (TaskEntry dependant : brokenBy(on)) {
                reopen(dependant, now);
                open.add(dependant);
            }
        }
    }

    private static List<TaskEntry> brokenBy(TaskEntry on) {
        List<TaskEntry> broken = new ArrayList<>();
        for (Dependency past = on.past.first(); past != null; past = past.next)
            if (past.dependant.brokenBy == past && past.dependant.phase == TaskPhase.FAILED)
                broken.add(past.dependant);
        return broken;
    }

    private void reopen(TaskEntry entry, Now now) {
        lifecycle.table.reopen(entry);
        lifecycle.ceilings.enter(entry);
        entry.retriesUsed = 0;
        entry.stop = null;
        entry.stopDetail = null;
        entry.result = null;
        entry.error = null;
        entry.finishedAt = null;
        entry.finishedAtNanos = TaskEntry.NEVER;
        entry.seq = -1;
        entry.progress = OptionalDouble.empty();
        entry.updatedAt = now.instant();
        entry.announced = false;
        entry.unmet = 0;
        lifecycle.counters.retries++;
        lifecycle.counters.leave(entry.phase.status());
        entry.phase = TaskPhase.SCHEDULED;
        lifecycle.counters.enter(entry.phase.status());
        admissions.armDeadline(entry, now);
        if (entry.ownDeadline < now.nanos()) lifecycle.tooLate(entry, now);
        lifecycle.dependencies.reopen(entry, now);
        if (entry.isOver()) return;
        lifecycle.settle(entry, now);
        lifecycle.inheritance.raise(entry, now);
        lifecycle.locks.ceilingsMoved(entry, now);
    }

    TaskEntry changePriority(TaskId id, int priority, KernelSettings settings, Now now) {
        TaskEntry entry = requireUnfinished(id);
        new AdmissionCheck(settings, lifecycle.table, now).checkPriority(priority);
        if (priority == entry.basePriority) return entry;
        int seen = entry.priority();
        lifecycle.ceilings.leave(entry);
        entry.basePriority = priority;
        lifecycle.ceilings.enter(entry);
        if (entry.priority() != seen) {
            lifecycle.seat.changed(entry, Change.PRIORITY, now.nanos());
            lifecycle.slices.moved(entry);
            lifecycle.aging.moved(entry, now);
        }
        lifecycle.inheritance.changed(entry, now);
        lifecycle.locks.ceilingsMoved(entry, now);
        lifecycle.changed(entry, now.instant());
        return entry;
    }

    TaskEntry suspend(TaskId id, Now now) {
        TaskEntry entry = requireUnfinished(id);
        if (entry.started)
            throw RefusedException.conflict(
                    "task "
                            + id
                            + " has been dispatched and cannot be suspended; cancel it or let it end");
        if (entry.suspended) return entry;
        lifecycle.dequeue(entry, now);
        entry.suspended = true;
        lifecycle.settle(entry, now);
        return entry;
    }

    TaskEntry resume(TaskId id, Now now) {
        TaskEntry entry = requireUnfinished(id);
        if (!entry.suspended)
            throw RefusedException.conflict(
                    "task " + id + " is not suspended, it is " + entry.phase);
        entry.suspended = false;
        lifecycle.settle(entry, now);
        return entry;
    }

    private TaskEntry requireUnfinished(TaskId id) {
        TaskEntry entry = lifecycle.table.require(id);
        if (entry.isFinal())
            throw RefusedException.conflict(
                    "task " + id + " has already ended, it is " + entry.phase);
        if (entry.isEnding())
            throw RefusedException.conflict(
                    "task " + id + " has ended as " + entry.decided + ", which is being stored");
        return entry;
    }
}
