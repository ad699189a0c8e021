// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.Schedulable;

/**
 * The light tasks of a domain. They wait in the same queue as all others and the same policy picks
 * them. While most are short, and the policy only ranks, they run without slices, several from one
 * visit to the queue, until one {@link #runsLong}. What these methods change is worked off by
 * {@link DomainKernel#settle}, once for a series of calls; that light tasks became ready is told to
 * nobody, since whoever calls knows. Guarded by the caller.
 */
public final class LightTasks {
    private final Lifecycle lifecycle;
    private boolean shortOnes;
    private int queued;
    private int onWorkers;
    private int blocked;

    LightTasks(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /**
     * Whether those picked from now on may be so short that slices would cost more than the tasks.
     */
    public void expectShort(boolean value) {
        shortOnes = value;
    }

    /**
     * Calls into the policy follow until {@link #endPass}: the meter counts them one by one no
     * longer, but watches over all of them together.
     */
    public void beginPass() {
        lifecycle.seat.beginPass();
    }

    /** The calls are over. */
    public void endPass(Now now) {
        lifecycle.seat.endPass(now.nanos());
    }

    /** Queues a task that was submitted. */
    public void arrived(LightTask task, long nanos) {
        task.seq = lifecycle.seat.nextSeq();
        if (task.releasedAt() == SlicedTask.NEVER) task.submittedAt(nanos);
        lifecycle.table.light++;
        lifecycle.counters.scheduled++;
        queued++;
        lifecycle.seat.enqueue(task, EnqueueReason.NEW, nanos);
        lifecycle.slices.arrived(task);
    }

    /**
     * Another task for a slot whose holder runs short light tasks, if one is next under the policy
     * in charge; null: none is, or it is not known without the policy.
     */
    public @Nullable LightTask another(KernelSettings settings, long nanos) {
        if (!withoutSlices(settings) || !(lifecycle.seat.first() instanceof LightTask next))
            return null;
        if (next.started || lifecycle.counters.started >= settings.maxStarted()) return null;
        if (!next.equals(lifecycle.seat.pick(0, nanos, false))) return null;
        picked(next, nanos);
        return next;
    }

    /** The task was taken out of the queue, to run. */
    void dispatch(LightTask task, KernelSettings settings, Now now) {
        picked(task, now.nanos());
        if (task.started) lifecycle.slices.begin(task, now);
        else if (!withoutSlices(settings)) runsLong(task, task.slot, now);
    }

    private void picked(LightTask task, long nanos) {
        queued--;
        onWorkers++;
        lifecycle.counters.contextSwitches++;
        task.onWorker = true;
        task.dispatchedAtNanos = nanos;
    }

    private boolean withoutSlices(KernelSettings settings) {
        return shortOnes
                && lifecycle.seat.ranks()
                && lifecycle.counters.started + settings.slots() <= settings.maxStarted();
    }

    /** A task on a worker runs for longer than was expected: it has slices from now on. */
    public void runsLong(LightTask task, int slot, Now now) {
        if (task.started) return;
        task.slot = slot;
        task.started = true;
        lifecycle.counters.started++;
        lifecycle.slices.begin(task, now);
    }

    /** A task without slices has run from then on for so long; for the timeline. */
    public void ran(LightTask task, int slot, long startNanos, long nanos) {
        lifecycle.slices.ran(task, slot, startNanos, nanos);
    }

    /** A task that was picked and has not begun waits in the queue again, before its equals. */
    public void takenBack(LightTask task, Now now) {
        left(task);
        queued++;
        lifecycle.counters.contextSwitches--;
        task.slot = SlicedTask.NO_SLOT; // it has not run
        if (task.started) {
            lifecycle.slices.end(task, SliceEnd.PREEMPTED, now);
            task.started = false;
            lifecycle.counters.started--;
        }
        lifecycle.seat.enqueue(task, EnqueueReason.PREEMPTED, now.nanos());
    }

    /** A task lost its slot in {@link DomainKernel#relinquish} and waits in the queue. */
    void preempted(LightTask task) {
        left(task);
        queued++;
    }

    private void left(LightTask task) {
        task.onWorker = false;
        onWorkers--;
    }

    /** A task with slices gives up its slot to wait for something. */
    void blocked(LightTask task, Now now) {
        lifecycle.slices.end(task, SliceEnd.BLOCKED, now);
        left(task);
        blocked++;
    }

    /** It has what it waited for. */
    void woken(LightTask task, Now now) {
        blocked--;
        queued++;
        lifecycle.seat.enqueue(task, EnqueueReason.WOKEN, now.nanos());
        lifecycle.slices.arrived(task);
        lifecycle.prompt();
    }

    /** A task that waits for a slot, or something else, goes on without one, to end. */
    void unwound(LightTask task, Now now) {
        if (task.queued()) {
            lifecycle.seat.remove(task, now.nanos());
            queued--;
        } else {
            blocked--;
        }
        onWorkers++;
        task.onWorker = true;
        lifecycle.slices.begin(task, now);
    }

    /** A task with slices has used so much processor time since it was picked. */
    public void charge(LightTask task, long cpuNanos) {
        task.cpuNanos += cpuNanos;
    }

    /** A task with slices has ended. */
    public void finished(LightTask task, boolean well, Now now) {
        lifecycle.slices.end(task, SliceEnd.FINISHED, now);
        task.started = false;
        task.onWorker = false;
        lifecycle.counters.started--;
        finished(well ? 1 : 0, well ? 0 : 1);
    }

    /** So many tasks without slices have ended. */
    public void finished(int well, int badly) {
        onWorkers -= well + badly;
        lifecycle.table.light -= well + badly;
        lifecycle.counters.completed += well;
        lifecycle.counters.failed += badly;
    }

    /** So many missed their deadlines. */
    public void missedDeadlines(int count) {
        lifecycle.counters.deadlineMisses += count;
    }

    /** Takes a task out for good that waits and has not started; false: it does not wait. */
    public boolean cancel(LightTask task, long nanos) {
        if (!task.queued() || task.started) return false;
        lifecycle.seat.remove(task, nanos);
        lifecycle.seat.forget(task);
        queued--;
        lifecycle.table.light--;
        lifecycle.counters.failed++;
        return true;
    }

    /** The waiting ones that match and have not started, in the order of the policy if known. */
    public List<LightTask> waiting(Predicate<LightTask> filter) {
        Predicate<Schedulable> matches =
                task -> task instanceof LightTask light && !light.started && filter.test(light);
        return lifecycle.seat.queued(matches, Integer.MAX_VALUE).stream()
                .map(LightTask.class::cast)
                .toList();
    }

    /** How many wait, those that lost their slots included. */
    public int queued() {
        return queued;
    }

    /** How many were picked and have not ended, those that wait for a slot or else aside. */
    public int onWorkers() {
        return onWorkers;
    }

    /** How many have not ended. */
    public int unfinished() {
        return queued + onWorkers + blocked;
    }

    /** How many have left their slots to wait for something. */
    public int blocked() {
        return blocked;
    }
}
