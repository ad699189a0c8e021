// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/** Reads from the events of a task why it waited. Used by one thread, for one task. */
final class Waits {

    private final Task task;
    private final HeldTimes held;
    private final Function<TaskId, @Nullable Instant> endOf;
    private final List<TaskWait> told = new ArrayList<>();

    /**
     * The waits of a task.
     *
     * @param task as it is now
     * @param held when its domain dispatched nothing
     * @param endOf when another task ended; null: it has not, or is not known
     */
    Waits(Task task, HeldTimes held, Function<TaskId, @Nullable Instant> endOf) {
        this.task = task;
        this.held = held;
        this.endOf = endOf;
    }

    List<TaskWait> of(TaskTrace trace, Instant now) {
        int i = 0;
        while (i < trace.size()) {
            WaitReason reason = reasonOf(trace, i);
            String resource = trace.resourceAt(i);
            TaskId holder = trace.blockedByAt(i);
            Instant since = trace.timeAt(i);
            boolean gap = trace.gapAfter(i);
            i++;
            while (!gap && i < trace.size() && reasonOf(trace, i) == reason) {
                gap = trace.gapAfter(i);
                i++;
            }
            if (reason != null && !gap) {
                boolean open = i == trace.size();
                add(reason, since, open ? now : trace.timeAt(i), open, holder, resource);
            }
        }
        return told;
    }

    private static @Nullable WaitReason reasonOf(TaskTrace trace, int event) {
        return switch (trace.phaseAt(event)) {
            case READY, PREEMPTED -> WaitReason.PROCESSOR;
            case SCHEDULED -> WaitReason.SCHEDULE;
            case RETRY_WAIT -> WaitReason.RETRY;
            case WAITING_DEPENDENCY -> WaitReason.DEPENDENCY;
            case WAITING_RESOURCE -> trace.reasonAt(event);
            case SUSPENDED -> WaitReason.HELD;
            case RUNNING, CANCELLING, COMPLETED, FAILED, TIMED_OUT, CANCELLED -> null;
        };
    }

    private void add(
            WaitReason reason,
            Instant since,
            Instant until,
            boolean open,
            @Nullable TaskId holder,
            @Nullable String resource) {
        if (reason != WaitReason.PROCESSOR) {
            put(
                    reason,
                    since,
                    until,
                    open,
                    reason == WaitReason.DEPENDENCY ? inTheWay(open, until) : holder,
                    resource);
            return;
        }
        Instant from = since;
        for (HeldTimes.Span span : held.within(since, until)) {
            Instant end = Objects.requireNonNull(span.to());
            put(WaitReason.PROCESSOR, from, span.from(), false, null, null);
            put(WaitReason.HELD, span.from(), end, open && end.equals(until), null, null);
            from = end;
        }
        if (from.isBefore(until) || from.equals(since)) {
            put(WaitReason.PROCESSOR, from, until, open, null, null);
        }
    }

    private void put(
            WaitReason reason,
            Instant since,
            Instant until,
            boolean open,
            @Nullable TaskId blockedBy,
            @Nullable String resource) {
        Duration length = Duration.between(since, until);
        if (length.isPositive() || open) {
            told.add(
                    new TaskWait(
                            reason,
                            since,
                            length.isNegative() ? Duration.ZERO : length,
                            open,
                            blockedBy,
                            resource));
        }
    }

    /** Of an open wait a task not done yet, of one that is over the task that was done last. */
    private @Nullable TaskId inTheWay(boolean open, Instant until) {
        TaskId last = null;
        Instant lastEnd = Instant.MIN;
        for (TaskDependency dependency : task.dependencies()) {
            if (open) {
                if (!dependency.satisfied()) {
                    return dependency.task();
                }
                continue;
            }
            Instant end = endOf.apply(dependency.task());
            if (task.dependencies().size() == 1) {
                return dependency.task();
            }
            if (end != null && !end.isAfter(until) && end.isAfter(lastEnd)) {
                last = dependency.task();
                lastEnd = end;
            }
        }
        return last;
    }
}
