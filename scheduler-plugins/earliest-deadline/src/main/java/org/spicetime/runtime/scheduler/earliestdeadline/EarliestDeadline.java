// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.earliestdeadline;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by absolute deadline; a task without one comes after all others (C. L. Liu and J. W.
 * Layland, <i>Scheduling Algorithms for Multiprogramming in a Hard-Real-Time Environment</i>, J.
 * ACM 20(1), 1973). Thread-safe.
 */
final class EarliestDeadline implements KeyedPolicy {
    private final long quantum;

    EarliestDeadline(long quantumNanos) {
        quantum = quantumNanos;
    }

    @Override
    public long key(TaskView task) {
        return task.deadline();
    }

    @Override
    public long quantum(TaskView task) {
        return quantum;
    }
}
