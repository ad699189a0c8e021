// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.task.TaskType;

/**
 * Ranks tasks that a policy ranks equal, as the domain's queue policy says. Guarded by the caller.
 */
final class TieKeys {
    /** Of a preempted task: it stays before its equals. */
    static final long FIRST = Long.MIN_VALUE;

    /** Of a task that had its turn, where the rank does not follow the order of arrival. */
    private static final long LAST = Long.MAX_VALUE;

    private final QueuePolicy policy;

    /* FAIR: start-time fair queueing with equal weights over the types (Goyal, Vin, Cheng, SIGCOMM 1996). */
    private final long[] lastOfType = new long[TaskType.values().length];
    private long round;

    TieKeys(QueuePolicy policy) {
        this.policy = policy;
    }

    @SuppressWarnings("EnumOrdinal") // a place in an array that is never stored
    long arrived(Schedulable task) {
        if (policy != QueuePolicy.FAIR) return changed(task);
        int type = task.type().ordinal();
        lastOfType[type] = Math.max(round, lastOfType[type] + 1);
        return lastOfType[type];
    }

    /** The rank after a value of a queued task changed. */
    long changed(Schedulable task) {
        if (task.behindEquals && policy != QueuePolicy.FIFO && policy != QueuePolicy.FAIR)
            return LAST;
        return switch (policy) {
            case FIFO -> 0;
            case LIFO -> -task.seq();
            case PRIORITY -> -task.priority();
            case DEADLINE -> task.deadline();
            case SHORTEST_FIRST ->
                    task.estimatedNanos() == 0 ? Long.MAX_VALUE : task.estimatedNanos();
            case FAIR -> task.tie;
        };
    }

    void picked(Schedulable task) {
        if (policy == QueuePolicy.FAIR && task.tie > round) round = task.tie;
    }
}
