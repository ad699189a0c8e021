// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;

/** What happens to tasks because time passes. Guarded by the caller. */
final class Alarms {
    private final Lifecycle lifecycle;
    private final Attempts attempts;

    Alarms(Lifecycle lifecycle, Attempts attempts) {
        this.lifecycle = lifecycle;
        this.attempts = attempts;
    }

    long nextNanos() {
        return Math.min(
                Math.min(lifecycle.timers.nextDue(), lifecycle.slices.nextEnd()),
                Math.min(
                        Math.min(
                                lifecycle.aging.next(),
                                Math.min(
                                        lifecycle.limits.nextNanos(),
                                        lifecycle.handlers.nextNanos())),
                        lifecycle.seat.nextDecision()));
    }

    void advance(int maxFinished, Now now) {
        for (Timer timer = lifecycle.timers.poll(now.nanos());
                timer != null;
                timer = lifecycle.timers.poll(now.nanos())) {
            fire(timer, now);
            lifecycle.settleEnds(maxFinished, now);
        }
        lifecycle.limits.advance(now);
        lifecycle.handlers.advance(now);
        lifecycle.aging.advance(now);
        lifecycle.slices.advance(now);
        lifecycle.seat.takeOver(now.nanos());
        if (!lifecycle.seat.decisionDue(now.nanos())) return;
        lifecycle.prompt();
        lifecycle.slices.timePassed(now);
    }

    private void fire(Timer timer, Now now) {
        TaskEntry entry = timer.entry();
        switch (timer.kind) {
            case RUN_AT -> {
                entry.runAtTimer = null;
                lifecycle.settle(entry, now);
            }
            case RETRY -> {
                entry.retryTimer = null;
                lifecycle.settle(entry, now);
            }
            case DEADLINE -> {
                entry.deadlineTimer = null;
                deadline(entry, now);
            }
            case TIME_LIMIT -> {
                entry.timeLimitTimer = null;
                attempts.stop(entry, StopReason.TIME_LIMIT, null, now);
            }
            case SLICE, AGE ->
                    throw new IllegalStateException(timer.kind + " has a heap of its own");
            case DEPENDENCY -> {
                Dependency dependency = timer.dependency;
                if (dependency != null && dependency.waiting)
                    lifecycle.dependencies.timedOut(dependency, now);
            }
        }
    }

    private void deadline(TaskEntry entry, Now now) {
        lifecycle.missed(entry, now);
        if (entry.request.onDeadlineMiss() != DeadlineMissPolicy.CANCEL) return;
        if (entry.started) attempts.stop(entry, StopReason.DEADLINE, null, now);
        else attempts.timedOut(entry, Attempts.deadlineMessage(entry), now);
    }

    /** Gives everything that is bound to UTC its new place on the monotonic clock. */
    void clockJumped(Now now) {
        List<TaskEntry> moved = new ArrayList<>();
        lifecycle.timers.adjust(timer -> {
            if (timer.utc == null) return;
            long due = now.nanosOf(timer.utc);
            if (timer.kind == Timer.Kind.DEADLINE) {
                if (timer.entry().ownDeadline != due) moved.add(timer.entry());
                timer.entry().ownDeadline = due;
                due = Now.saturatedSum(due, 1);
            }
            timer.due = due;
        });
        for (TaskEntry entry : moved) {
            lifecycle.seat.changed(entry, Change.DEADLINE, now.nanos());
            lifecycle.inheritance.changed(entry, now);
        }
    }
}
