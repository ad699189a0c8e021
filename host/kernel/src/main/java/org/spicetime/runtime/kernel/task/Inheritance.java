// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/**
 * Tasks that others wait for are as urgent as those (priority inheritance after Sha, Rajkumar and
 * Lehoczky, IEEE Transactions on Computers 39(9), 1990, applied to dependencies; deadlines
 * likewise). Transitive over up to 16 steps. Guarded by the caller.
 */
final class Inheritance {
    private static final int DEEPEST = 16;

    private record Step(TaskEntry entry, int depth) {}

    private final PolicySeat seat;
    private final Slices slices;
    private final Aging aging;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private boolean enabled;
    private long inversions;

    Inheritance(PolicySeat seat, Slices slices, Aging aging, boolean enabled) {
        this.seat = seat;
        this.slices = slices;
        this.aging = aging;
        this.enabled = enabled;
    }

    /** Times a task began to inherit a priority. */
    long inversions() {
        return inversions;
    }

    void enabled(boolean value, TaskTable table, Now now) {
        if (value == enabled) return;
        enabled = value;
        table.forEachUnfinished(entry -> inherit(entry, Integer.MIN_VALUE, TaskEntry.NEVER, now));
        if (value) table.forEachUnfinished(entry -> raise(entry, now));
    }

    /** Hands a task's urgency to what it waits for. */
    void raise(TaskEntry entry, Now now) {
        if (!enabled || entry.unmet == 0) return;
        steps.add(new Step(entry, 0));
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            int priority = step.entry.priority();
            long deadline = step.entry.deadline();
            for (Dependency dependency : step.entry.dependencies) {
                TaskEntry on = waitedFor(dependency);
                if (on == null
                        || on.inheritedPriority >= priority && on.inheritedDeadline <= deadline)
                    continue;
                boolean changed =
                        inherit(
                                on,
                                Math.max(on.inheritedPriority, priority),
                                Math.min(on.inheritedDeadline, deadline),
                                now);
                follow(step, on, changed);
            }
        }
    }

    /**
     * Takes back what a task inherited from dependants that no longer wait or are less urgent now.
     */
    void lower(TaskEntry entry, Now now) {
        if (!enabled || entry.isFinal() || !inherits(entry)) return;
        steps.add(new Step(entry, 0));
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            TaskEntry on = step.entry;
            if (!recompute(on, now) || step.depth == DEEPEST) continue;
            for (Dependency dependency : on.dependencies) {
                TaskEntry further = waitedFor(dependency);
                if (further != null) steps.add(new Step(further, step.depth + 1));
            }
        }
    }

    /** After a task's own urgency changed either way. */
    void changed(TaskEntry entry, Now now) {
        raise(entry, now);
        for (Dependency dependency : entry.dependencies) {
            TaskEntry on = waitedFor(dependency);
            if (on != null) lower(on, now);
        }
    }

    private void follow(Step step, TaskEntry on, boolean changed) {
        if (changed && on.unmet > 0 && step.depth < DEEPEST)
            steps.add(new Step(on, step.depth + 1));
    }

    private boolean recompute(TaskEntry on, Now now) {
        int priority = Integer.MIN_VALUE;
        long deadline = TaskEntry.NEVER;
        for (Dependency waiting = on.waiting.first(); waiting != null; waiting = waiting.next) {
            priority = Math.max(priority, waiting.dependant.priority());
            deadline = Math.min(deadline, waiting.dependant.deadline());
            if (priority >= on.inheritedPriority && deadline <= on.inheritedDeadline) break;
        }
        return inherit(on, priority, deadline, now);
    }

    /* True: what others see of it changed. */
    private boolean inherit(TaskEntry on, int priority, long deadline, Now now) {
        int seenPriority = on.priority();
        long seenDeadline = on.deadline();
        on.inheritedPriority = priority;
        on.inheritedDeadline = deadline;
        boolean inheriting = priority > on.basePriority;
        if (inheriting && !on.inheriting) inversions++;
        on.inheriting = inheriting;
        boolean otherPriority = on.priority() != seenPriority;
        boolean otherDeadline = on.deadline() != seenDeadline;
        if (otherPriority) seat.changed(on, Change.PRIORITY, now.nanos());
        if (otherDeadline) seat.changed(on, Change.DEADLINE, now.nanos());
        if (!otherPriority && !otherDeadline) return false;
        slices.moved(on);
        aging.moved(on, now);
        return true;
    }

    private static boolean inherits(TaskEntry entry) {
        return entry.inheritedPriority != Integer.MIN_VALUE
                || entry.inheritedDeadline != TaskEntry.NEVER;
    }

    private static @Nullable TaskEntry waitedFor(Dependency dependency) {
        return dependency.waiting ? dependency.prerequisite : null;
    }
}
