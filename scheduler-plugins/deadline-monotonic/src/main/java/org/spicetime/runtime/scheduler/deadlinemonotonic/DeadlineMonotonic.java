// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.deadlinemonotonic;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by the time from release to deadline; a task without a deadline comes after all
 * others (J. Y.-T. Leung and J. Whitehead, <i>On the Complexity of Fixed-Priority Scheduling of
 * Periodic, Real-Time Tasks</i>, Performance Evaluation 2(4), 1982). Thread-safe.
 */
final class DeadlineMonotonic implements KeyedPolicy {
    private final long quantum;

    DeadlineMonotonic(long quantumNanos) {
        quantum = quantumNanos;
    }

    @Override
    public long key(TaskView task) {
        return task.relativeDeadline();
    }

    @Override
    public long quantum(TaskView task) {
        return quantum;
    }
}
