// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * Tasks that others wait for are as urgent as those (priority inheritance after Sha, Rajkumar and
 * Lehoczky, IEEE Transactions on Computers 39(9), 1990, for locks and for dependencies; deadlines
 * and periods likewise), and holders of locks at least as urgent as their ceilings. Transitive over
 * up to {@value #DEEPEST} steps. Guarded by the caller.
 */
final class Inheritance {
    static final int DEEPEST = 16;

    private record Step(TaskEntry entry, int depth) {}

    private final PolicySeat seat;
    private final Slices slices;
    private final Aging aging;
    private final Ceilings ceilings;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private boolean enabled;
    private long inversions;

    Inheritance(
            PolicySeat seat,
            Slices slices,
            Aging aging,
            Ceilings ceilings,
            PriorityConfig priorities) {
        this.seat = seat;
        this.slices = slices;
        this.aging = aging;
        this.ceilings = ceilings;
        enabled = priorities.protocol() != PriorityProtocol.NONE;
    }

    /** Times a task began to be more urgent than by itself. */
    long inversions() {
        return inversions;
    }

    /** Another protocol or another ceiling is in force. */
    void settings(PriorityConfig priorities, TaskTable table, Now now) {
        enabled = priorities.protocol() != PriorityProtocol.NONE;
        ceilings.settings(priorities);
        table.forEachUnfinished(entry -> inherit(entry, Urgency.NONE, now));
        if (!enabled) return;
        table.forEachUnfinished(entry -> inherit(entry, ofCeilings(entry), now));
        table.forEachUnfinished(entry -> raise(entry, now));
    }

    /** Hands a task's urgency to what it waits for. */
    void raise(TaskEntry entry, Now now) {
        if (!enabled || !waits(entry)) return;
        steps.add(new Step(entry, 0));
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            Urgency urgency = step.entry.urgency();
            int depth = step.depth;
            forEachWaitedFor(
                    step.entry,
                    on -> {
                        if (on.inherited.covers(urgency)) return;
                        boolean changed = inherit(on, on.inherited.with(urgency), now);
                        if (changed && waits(on) && depth < DEEPEST)
                            steps.add(new Step(on, depth + 1));
                    });
        }
    }

    /** Takes back what a task inherited from others that no longer wait or are less urgent now. */
    void lower(TaskEntry entry, Now now) {
        if (!entry.inherited.equals(Urgency.NONE)) refresh(entry, now);
    }

    /** Has a task inherit what is due to it now, whether that is more or less. */
    void refresh(TaskEntry entry, Now now) {
        if (!enabled || entry.isOver()) return;
        steps.add(new Step(entry, 0));
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            if (!inherit(step.entry, due(step.entry), now) || step.depth == DEEPEST) continue;
            int depth = step.depth + 1;
            forEachWaitedFor(step.entry, on -> steps.add(new Step(on, depth)));
        }
    }

    /** After a task's own urgency changed either way. */
    void changed(TaskEntry entry, Now now) {
        raise(entry, now);
        forEachWaitedFor(entry, on -> lower(on, now));
    }

    private static Urgency due(TaskEntry on, Urgency least) {
        Urgency due = least;
        for (Dependency waiting = on.waiting.first(); waiting != null; waiting = waiting.next) {
            due = due.with(waiting.dependant.urgency());
            if (due.covers(on.inherited)) break;
        }
        for (DomainLock lock : on.held)
            for (TaskEntry waiter : lock.waiters) due = due.with(waiter.urgency());
        return due;
    }

    private Urgency due(TaskEntry on) {
        return due(on, ofCeilings(on));
    }

    private Urgency ofCeilings(TaskEntry on) {
        Urgency due = Urgency.NONE;
        for (DomainLock lock : on.held) due = due.withPriority(ceilings.of(lock.name));
        return due;
    }

    /* True: what others see of it changed. */
    private boolean inherit(TaskEntry on, Urgency urgency, Now now) {
        if (on.inherited.equals(urgency)) return false;
        Urgency seen = on.urgency();
        on.inherited = urgency;
        boolean inheriting = urgency.priority() > on.basePriority;
        if (inheriting && !on.inheriting) inversions++;
        on.inheriting = inheriting;
        Urgency present = on.urgency();
        if (present.equals(seen)) return false;
        if (present.priority() != seen.priority()) seat.changed(on, Change.PRIORITY, now.nanos());
        if (present.deadline() != seen.deadline()
                || present.relativeDeadline() != seen.relativeDeadline())
            seat.changed(on, Change.DEADLINE, now.nanos());
        if (present.period() != seen.period()) seat.changed(on, Change.PERIOD, now.nanos());
        slices.moved(on);
        aging.moved(on, now);
        return true;
    }

    private static boolean waits(TaskEntry entry) {
        return entry.unmet > 0 || entry.awaited != null;
    }

    private static void forEachWaitedFor(TaskEntry entry, Consumer<TaskEntry> action) {
        for (Dependency dependency : entry.dependencies) {
            TaskEntry on = dependency.waiting ? dependency.prerequisite : null;
            if (on != null) action.accept(on);
        }
        DomainLock lock = entry.awaited;
        if (lock != null && lock.owner != null) action.accept(lock.owner);
    }
}
