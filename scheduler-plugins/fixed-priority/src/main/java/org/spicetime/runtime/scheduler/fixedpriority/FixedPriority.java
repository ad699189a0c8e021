// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fixedpriority;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by effective priority; a larger one is more urgent, so its sign turns. Thread-safe.
 */
final class FixedPriority implements KeyedPolicy {
    private final long quantum;

    FixedPriority(long quantumNanos) {
        quantum = quantumNanos;
    }

    @Override
    public long key(TaskView task) {
        return -(long) task.priority();
    }

    @Override
    public long quantum(TaskView task) {
        return quantum;
    }
}
