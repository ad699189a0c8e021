// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.WaitReason;

/** Tasks on workers: dispatch, slices, outcomes, retries. Guarded by the caller. */
final class Attempts {
    /**
     * Tasks over a limit, or without their handler, that one visit to the queue takes out of it;
     * the next goes on.
     */
    static final int MOST_SET_ASIDE = 1000;

    private final Lifecycle lifecycle;
    private final LightTasks lights;
    private final Backoff backoff;

    Attempts(Lifecycle lifecycle, LightTasks lights, Backoff backoff) {
        this.lifecycle = lifecycle;
        this.lights = lights;
        this.backoff = backoff;
    }

    @Nullable SlicedTask pick(int slot, KernelSettings settings, Now now) {
        SlicedTask task = take(slot, settings, now);
        if (task != null) dispatch(task, settings, now);
        return task;
    }

    private @Nullable SlicedTask take(int slot, KernelSettings settings, Now now) {
        boolean startedOnly = lifecycle.counters.started >= settings.maxStarted();
        SlicedTask task = (SlicedTask) lifecycle.seat.pick(slot, now.nanos(), startedOnly);
        int aside = 0;
        while (task instanceof TaskEntry entry && !lifecycle.admits(entry, now)) {
            if (++aside == MOST_SET_ASIDE) {
                lifecycle.prompt();
                return null;
            }
            task = (SlicedTask) lifecycle.seat.pick(slot, now.nanos(), startedOnly);
        }
        if (task != null) task.slot = slot;
        return task;
    }

    private void dispatch(SlicedTask task, KernelSettings settings, Now now) {
        switch (task) {
            case TaskEntry entry -> dispatch(entry, now);
            case LightTask light -> lights.dispatch(light, settings, now);
        }
    }

    private void dispatch(TaskEntry entry, Now now) {
        lifecycle.unready(entry, now);
        lifecycle.slices.begin(entry, now);
        lifecycle.counters.contextSwitches++;
        if (!entry.started) begin(entry, now);
        lifecycle.move(entry, entry.stop == null ? TaskPhase.RUNNING : TaskPhase.CANCELLING, now);
        if (entry.attempt == 1) lifecycle.dependencies.dispatched(entry, now);
    }

    /**
     * The slice of a running task is over, or it was asked to give way: whoever is to have the slot
     * now, which may be the task itself. Null: nobody for now.
     */
    @Nullable SlicedTask rotate(SlicedTask task, int slot, KernelSettings settings, Now now) {
        if (task instanceof TaskEntry entry) requireOnWorker(entry);
        boolean over = lifecycle.slices.isOver(task, now);
        task.askedToGiveWay = false;
        if (task.toEnd() || lifecycle.seat.size() == 0 && !over) return task;
        lifecycle.slices.end(task, over ? SliceEnd.QUANTUM : SliceEnd.PREEMPTED, now);
        if (lifecycle.seat.size() == 0) {
            lifecycle.slices.begin(task, now);
            return task;
        }
        if (task instanceof TaskEntry entry) entry.readySinceNanos = now.nanos();
        lifecycle.seat.enqueue(
                task, over ? EnqueueReason.EXPIRED : EnqueueReason.PREEMPTED, now.nanos());
        SlicedTask next = take(slot, settings, now);
        if (task.equals(next)) {
            if (task instanceof TaskEntry entry) lifecycle.unready(entry, now);
            lifecycle.slices.begin(task, now);
            return task;
        }
        preempted(task, now);
        if (next != null) dispatch(next, settings, now);
        return next;
    }

    /** A running task loses its slot to nobody; it is ready again and keeps its thread. */
    void vacate(SlicedTask task, Now now) {
        if (task instanceof TaskEntry entry) requireOnWorker(entry);
        task.askedToGiveWay = false;
        lifecycle.slices.end(task, SliceEnd.PREEMPTED, now);
        if (task instanceof TaskEntry entry) entry.readySinceNanos = now.nanos();
        lifecycle.seat.enqueue(task, EnqueueReason.PREEMPTED, now.nanos());
        preempted(task, now);
    }

    private void preempted(SlicedTask task, Now now) {
        lifecycle.counters.preemptions++;
        switch (task) {
            case TaskEntry entry -> {
                entry.preemptions++;
                lifecycle.move(entry, TaskPhase.PREEMPTED, now);
                lifecycle.aging.queued(entry, now);
            }
            case LightTask light -> lights.preempted(light);
        }
    }

    /**
     * A task that waits for a slot, or for something else, goes on without a slot: it was asked to
     * end, or has ended, and its thread is to unwind.
     */
    void unwind(SlicedTask task, Now now) {
        switch (task) {
            case TaskEntry entry -> {
                boolean blocked = entry.phase == TaskPhase.WAITING_RESOURCE;
                if (!entry.started || !entry.queued() && !blocked) return;
                entry.slot = SlicedTask.NO_SLOT;
                if (blocked) lifecycle.locks.withdraw(entry, now);
                else lifecycle.dequeue(entry, now);
                lifecycle.slices.begin(entry, now);
                lifecycle.move(
                        entry, entry.stop == null ? TaskPhase.RUNNING : TaskPhase.CANCELLING, now);
            }
            case LightTask light -> {
                if (!light.started() || light.onWorker) return;
                light.slot = SlicedTask.NO_SLOT;
                lights.unwound(light, now);
            }
        }
    }

    private void begin(TaskEntry entry, Now now) {
        entry.started = true;
        entry.attempt++;
        lifecycle.counters.started++;
        if (entry.firstDispatchNanos == TaskEntry.NEVER) {
            entry.firstDispatchNanos = now.nanos();
            entry.startedAt = now.instant();
        }
        if (entry.request.timeout().isPositive()) {
            long due = now.nanosAfter(entry.request.timeout());
            entry.timeLimitTimer = new Timer(Timer.Kind.TIME_LIMIT, entry, null, null, due);
            lifecycle.timers.set(entry.timeLimitTimer);
        }
    }

    void charge(TaskEntry entry, Measured measured) {
        entry.cpuNanos += measured.cpuNanos();
        entry.cpuAttributed |= measured.accuracy() == MeasurementAccuracy.ATTRIBUTED;
        entry.poolPeakBytes = Math.max(entry.poolPeakBytes, measured.poolPeakBytes());
        entry.ioOperations = sum(entry.ioOperations, measured.ioOperations());
        entry.heapAllocatedBytes = sum(entry.heapAllocatedBytes, measured.heapAllocatedBytes());
    }

    /** The task leaves its slot and keeps its thread. */
    void leave(TaskEntry entry, SliceEnd why, Now now) {
        requireOnWorker(entry);
        if (why == SliceEnd.FINISHED)
            throw new IllegalArgumentException("an attempt that ended is told by its outcome");
        lifecycle.slices.end(entry, why, now);
        switch (why) {
            case PREEMPTED -> {
                entry.preemptions++;
                lifecycle.counters.preemptions++;
                lifecycle.ready(entry, TaskPhase.PREEMPTED, EnqueueReason.PREEMPTED, now);
            }
            case QUANTUM -> lifecycle.ready(entry, TaskPhase.PREEMPTED, EnqueueReason.EXPIRED, now);
            case YIELDED -> lifecycle.ready(entry, TaskPhase.PREEMPTED, EnqueueReason.YIELDED, now);
            case BLOCKED, FINISHED -> lifecycle.move(entry, TaskPhase.WAITING_RESOURCE, now);
        }
    }

    /** The task waits for something on its thread, without a slot. */
    void block(SlicedTask task, WaitReason why, @Nullable String resource, Now now) {
        switch (task) {
            case TaskEntry entry -> block(entry, why, resource, null, now);
            case LightTask light -> lights.blocked(light, now);
        }
    }

    /** The same, and who holds what it waits for. */
    void block(
            TaskEntry entry,
            WaitReason why,
            @Nullable String resource,
            @Nullable TaskEntry holder,
            Now now) {
        requireOnWorker(entry);
        entry.waitsFor = why;
        entry.resource = resource;
        entry.blockedBy = holder == null ? null : holder.id;
        leave(entry, SliceEnd.BLOCKED, now);
    }

    void woken(SlicedTask task, Now now) {
        switch (task) {
            case TaskEntry entry -> woken(entry, now);
            case LightTask light -> lights.woken(light, now);
        }
    }

    private void woken(TaskEntry entry, Now now) {
        if (entry.phase != TaskPhase.WAITING_RESOURCE)
            throw new IllegalStateException("task " + entry + " does not wait for a resource");
        lifecycle.ready(entry, TaskPhase.PREEMPTED, EnqueueReason.WOKEN, now);
    }

    void finished(TaskEntry entry, Outcome outcome, Now now) {
        requireOnWorker(entry);
        lifecycle.slices.end(entry, SliceEnd.FINISHED, now);
        entry.slot = SlicedTask.NO_SLOT;
        entry.started = false;
        lifecycle.locks.giveBackAll(entry, now);
        lifecycle.counters.started--;
        lifecycle.limits.release(entry, now);
        lifecycle.timers.cancel(entry.timeLimitTimer);
        entry.timeLimitTimer = null;
        switch (entry.stop) {
            case CANCELLED -> {
                if (outcome instanceof Outcome.Succeeded succeeded) succeed(entry, succeeded, now);
                else cancelled(entry, entry.stopDetail, now);
            }
            case DEADLINE -> timedOut(entry, deadlineMessage(entry), now);
            case TIME_LIMIT ->
                    attemptTimedOut(
                            entry,
                            "the attempt exceeded its time limit " + entry.request.timeout(),
                            now);
            case null -> ended(entry, outcome, now);
        }
    }

    private void ended(TaskEntry entry, Outcome outcome, Now now) {
        switch (outcome) {
            case Outcome.Succeeded succeeded -> succeed(entry, succeeded, now);
            case Outcome.Failed failed -> {
                if (failed.retryable() && retry(entry, now)) return;
                RuntimeError error =
                        lifecycle.error(entry, failed.code(), failed.message(), failed.context());
                lifecycle.end(entry, TaskPhase.FAILED, null, error, now);
            }
            case Outcome.TimedOut(String message) -> attemptTimedOut(entry, message, now);
            case Outcome.Cancelled(String reason) -> cancelled(entry, reason, now);
            case Outcome.Requeued r -> {
                entry.progress = OptionalDouble.empty();
                lifecycle.settle(entry, now);
            }
        }
    }

    /**
     * Asks a task that owns a thread to end. The first reason counts, except that a time limit
     * alone allows a retry.
     */
    void stop(TaskEntry entry, StopReason why, @Nullable String detail, Now now) {
        boolean asked = entry.stop != null;
        if (asked && entry.stop != StopReason.TIME_LIMIT) return;
        entry.stop = why;
        entry.stopDetail = detail;
        if (asked) return;
        if (entry.phase == TaskPhase.RUNNING) lifecycle.move(entry, TaskPhase.CANCELLING, now);
        lifecycle.listener.stopRequested(entry, why);
    }

    void cancelled(TaskEntry entry, @Nullable String reason, Now now) {
        lifecycle.end(
                entry,
                TaskPhase.CANCELLED,
                null,
                lifecycle.error(
                        entry,
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        reason == null ? "cancelled" : "cancelled: " + reason,
                        Map.of("cancelled", true)),
                now);
    }

    void timedOut(TaskEntry entry, String message, Now now) {
        lifecycle.end(
                entry,
                TaskPhase.TIMED_OUT,
                null,
                lifecycle.error(entry, RuntimeErrorCode.TASK_TIMEOUT, message, Map.of()),
                now);
    }

    static String deadlineMessage(TaskEntry entry) {
        return "missed its deadline " + entry.deadlineInstant;
    }

    private void attemptTimedOut(TaskEntry entry, String message, Now now) {
        if (!retry(entry, now)) timedOut(entry, message, now);
    }

    private void succeed(TaskEntry entry, Outcome.Succeeded succeeded, Now now) {
        lifecycle.end(entry, TaskPhase.COMPLETED, succeeded.result(), null, now);
    }

    private boolean retry(TaskEntry entry, Now now) {
        if (entry.retriesUsed >= entry.request.maxRetries()) return false;
        entry.retriesUsed++;
        entry.progress = OptionalDouble.empty();
        entry.stop = null;
        entry.stopDetail = null;
        lifecycle.counters.retries++;
        long delay = backoff.delayNanos(entry.request.retry(), entry.retriesUsed);
        if (delay > 0) {
            long due = Now.saturatedSum(now.nanos(), delay);
            entry.retryTimer = new Timer(Timer.Kind.RETRY, entry, null, null, due);
            entry.retryAt = now.instant().plusNanos(delay);
            lifecycle.timers.set(entry.retryTimer);
        }
        lifecycle.settle(entry, now);
        return true;
    }

    private static void requireOnWorker(TaskEntry entry) {
        if (entry.phase != TaskPhase.RUNNING && entry.phase != TaskPhase.CANCELLING
                || entry.isEnding())
            throw new IllegalStateException("task " + entry + " is not on a worker");
    }

    private static OptionalLong sum(OptionalLong known, OptionalLong more) {
        if (more.isEmpty()) return known;
        return OptionalLong.of(known.orElse(0) + more.getAsLong());
    }
}
