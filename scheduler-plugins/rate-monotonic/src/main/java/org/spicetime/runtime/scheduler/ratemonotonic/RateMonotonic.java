// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.ratemonotonic;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by the period of their schedule; a task without one comes after all others (C. L. Liu
 * and J. W. Layland, <i>Scheduling Algorithms for Multiprogramming in a Hard-Real-Time
 * Environment</i>, J. ACM 20(1), 1973). Thread-safe.
 */
final class RateMonotonic implements KeyedPolicy {
    private final long quantum;

    RateMonotonic(long quantumNanos) {
        quantum = quantumNanos;
    }

    @Override
    public long key(TaskView task) {
        return task.period();
    }

    @Override
    public long quantum(TaskView task) {
        return quantum;
    }
}
