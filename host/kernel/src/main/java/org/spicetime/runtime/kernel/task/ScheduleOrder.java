// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Comparator;
import org.spicetime.runtime.kernel.scheduling.Schedulable;

/**
 * Running, ready in the order of the policy, later ones, blocked, then finished, newest first.
 * Total on the tasks of a domain. Valid until one of them changes; guarded by the caller.
 */
final class ScheduleOrder implements Comparator<TaskEntry> {
    private static final int RUNNING = 0;
    private static final int READY = 1;
    private static final int LATER = 2;
    private static final int BLOCKED = 3;
    private static final int FINISHED = 4;

    private final Comparator<Schedulable> ready;

    ScheduleOrder(Comparator<Schedulable> ready) {
        this.ready = ready;
    }

    @Override
    public int compare(TaskEntry left, TaskEntry right) {
        if (left == right) return 0;
        int group = group(left);
        int byGroup = Integer.compare(group, group(right));
        if (byGroup != 0) return byGroup;
        int within =
                switch (group) {
                    case RUNNING -> Long.compare(left.dispatchedAtNanos, right.dispatchedAtNanos);
                    case READY -> ready.compare(left, right);
                    case LATER ->
                            Long.compare(TaskQuery.nextInstant(left), TaskQuery.nextInstant(right));
                    case FINISHED -> Long.compare(right.finishedAtNanos, left.finishedAtNanos);
                    default -> 0;
                };
        if (within != 0) return within;
        return group == FINISHED
                ? Long.compare(right.number, left.number)
                : Long.compare(left.number, right.number);
    }

    private static int group(TaskEntry entry) {
        if (entry.queued()) return READY;
        return switch (entry.phase.status()) {
            case RUNNING -> RUNNING;
            case PENDING -> LATER;
            case BLOCKED -> BLOCKED;
            case COMPLETED, FAILED -> FINISHED;
        };
    }
}
