// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * The tasks on workers, how long each may stay, and which of them are asked to give way: because
 * their slice is over while others wait, or because a more urgent task arrived. Guarded by the
 * caller.
 */
final class Slices {
    private final PolicySeat seat;
    private final KernelListener listener;
    private final List<SlicedTask> onWorkers = new ArrayList<>();
    private final TimerHeap ends = new TimerHeap();
    private final Timeline timeline = new Timeline();
    private final List<SlicedTask> arrivals = new ArrayList<>();
    private KernelSettings settings;

    Slices(PolicySeat seat, KernelListener listener, KernelSettings settings) {
        this.seat = seat;
        this.listener = listener;
        this.settings = settings;
    }

    void settings(KernelSettings next) {
        boolean other = !settings.preemption().equals(next.preemption());
        settings = next;
        if (other && preempts()) onWorkers.forEach(this::ask);
    }

    /** A slice begins: the task is on a worker. */
    void begin(SlicedTask entry, Now now) {
        entry.dispatchedAtNanos = now.nanos();
        entry.cpuNanosAtDispatch = entry.cpuNanos;
        entry.askedToGiveWay = false;
        onWorkers.add(entry);
        time(entry, now);
    }

    private void time(SlicedTask entry, Now now) {
        long quantum = seat.quantum(entry, now.nanos());
        entry.sliceNanos = quantum;
        ends.cancel(entry.sliceTimer);
        entry.sliceTimer = null;
        if (quantum == 0 || !preemptible(entry)) return;
        long slice = Math.max(quantum, settings.preemption().granularity().toNanos());
        entry.sliceEndsNanos = Now.saturatedSum(now.nanos(), slice);
        arm(entry, entry.sliceEndsNanos);
    }

    private void arm(SlicedTask entry, long due) {
        Timer timer = new Timer(Timer.Kind.SLICE, entry, null, null, due);
        entry.sliceTimer = timer;
        ends.set(timer);
    }

    /** A slice is over: the task leaves its worker, or begins another slice. */
    void end(SlicedTask entry, SliceEnd why, Now now) {
        ends.cancel(entry.sliceTimer);
        entry.sliceTimer = null;
        entry.sliceEndsNanos = SlicedTask.NEVER;
        onWorkers.remove(entry);
        long nanos = now.nanos() - entry.dispatchedAtNanos;
        if (entry.slot >= 0)
            timeline.add(entry.id(), entry.slot, entry.dispatchedAtNanos, nanos, why);
        seat.charge(entry, entry.cpuNanos - entry.cpuNanosAtDispatch, nanos, why, now.nanos());
    }

    /** A task has run without a slice that anybody could have ended. */
    void ran(SlicedTask task, int slot, long startNanos, long nanos) {
        timeline.add(task.id(), slot, startNanos, nanos, SliceEnd.FINISHED);
    }

    /** The slices of a span of time on the monotonic clock, the one that began last first. */
    List<ExecutionSlice> timeline(long from, long to, int first, Now now) {
        return new TimelineQuery(from, to, now).run(timeline, onWorkers, first);
    }

    boolean isOver(SlicedTask entry, Now now) {
        return entry.sliceEndsNanos <= now.nanos();
    }

    /** When the next slice is over that somebody waits for; {@link Long#MAX_VALUE}: none. */
    long nextEnd() {
        return seat.size() == 0 ? Long.MAX_VALUE : ends.nextDue();
    }

    /** Asks the tasks whose slices are over to give way, if anybody waits. */
    void advance(Now now) {
        if (seat.size() == 0) return;
        for (Timer due = ends.poll(now.nanos()); due != null; due = ends.poll(now.nanos())) {
            due.task.sliceTimer = null;
            tell(due.task);
        }
    }

    /** Another policy is in charge: slices are as long as it says, and its order holds at once. */
    void renew(Now now) {
        for (SlicedTask entry : onWorkers) {
            time(entry, now);
            if (preempts()) ask(entry);
        }
    }

    /** A task was queued, or became more urgent there. */
    void arrived(SlicedTask entry) {
        if (preempts()) arrivals.add(entry);
    }

    /** The rank of a task changed. */
    void moved(SlicedTask entry) {
        if (!preempts()) return;
        if (entry.queued()) arrivals.add(entry);
        else if (onWorkers.contains(entry)) ask(entry);
    }

    /** Asks the least urgent tasks to give way to those that arrived since the last time. */
    void preempt(Now now) {
        if (arrivals.isEmpty()) return;
        if (onWorkers.size() + seat.size() > settings.slots()) {
            SlicedTask least = leastUrgent(now);
            for (int i = 0; i < arrivals.size() && least != null; i++) {
                SlicedTask arrived = arrivals.get(i);
                if (!mayPreempt(arrived) || !seat.moreUrgent(arrived, least, now.nanos())) continue;
                preempt(least, now);
                least = leastUrgent(now);
            }
        }
        arrivals.clear();
    }

    /**
     * The order may have changed because time passed: the least urgent task gives way to whoever
     * comes first now, which may be itself.
     */
    void timePassed(Now now) {
        if (!preempts() || settings.preemption().mode() == PreemptionMode.THRESHOLD) return;
        if (seat.size() == 0 || onWorkers.size() < settings.slots()) return;
        SlicedTask least = leastUrgent(now);
        if (least != null) preempt(least, now);
    }

    /** Finds out when that is the case next. */
    void foresee(Now now) {
        if (preempts() && !onWorkers.isEmpty()) seat.foresee(now.nanos());
    }

    private void preempt(SlicedTask victim, Now now) {
        long least = settings.preemption().granularity().toNanos();
        long undisturbed = Now.saturatedSum(victim.dispatchedAtNanos, least);
        if (undisturbed <= now.nanos()) {
            ask(victim);
            return;
        }
        victim.askedToGiveWay = true;
        ends.cancel(victim.sliceTimer);
        arm(victim, Math.min(undisturbed, victim.sliceEndsNanos));
    }

    private boolean mayPreempt(SlicedTask arrived) {
        return arrived.queued()
                && (settings.preemption().mode() != PreemptionMode.THRESHOLD
                        || arrived.priority() > settings.preemption().threshold());
    }

    private @Nullable SlicedTask leastUrgent(Now now) {
        SlicedTask least = null;
        for (SlicedTask entry : onWorkers)
            if (!entry.toEnd()
                    && !entry.askedToGiveWay
                    && preemptible(entry)
                    && (least == null || seat.moreUrgent(least, entry, now.nanos()))) least = entry;
        return least;
    }

    private void ask(SlicedTask entry) {
        if (!entry.askedToGiveWay && preemptible(entry)) tell(entry);
    }

    private void tell(SlicedTask entry) {
        entry.askedToGiveWay = true;
        if (entry.toEnd()) return;
        switch (entry) {
            case TaskEntry task -> listener.giveWay(task);
            case LightTask task -> listener.giveWay(task);
        }
    }

    private boolean preempts() {
        return settings.preempts();
    }

    private boolean preemptible(SlicedTask entry) {
        return !settings.preemption().nonPreemptible().contains(entry.type());
    }
}
