// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.keyedpolicy;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by expected processor time per weight, the weight being {@code priority − min + 1}.
 * On one processor no other order gives a smaller sum of weighted completion times (W. E. Smith,
 * <i>Various Optimizers for Single-Stage Production</i>, Naval Research Logistics Quarterly 3,
 * 1956). Thread-safe.
 */
final class WeightedShortestJob implements KeyedPolicy {

    private final int minPriority;
    private final long assumedNanos;

    WeightedShortestJob(int minPriority, long assumedNanos) {
        this.minPriority = minPriority;
        this.assumedNanos = assumedNanos;
    }

    @Override
    public long key(TaskView task) {
        long expected = task.estimatedNanos() == 0 ? assumedNanos : task.estimatedNanos();
        return expected / (task.priority() - minPriority + 1L);
    }
}
