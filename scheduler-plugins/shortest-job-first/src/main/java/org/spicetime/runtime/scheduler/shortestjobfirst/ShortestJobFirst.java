// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * Ranks tasks by the work that is left of their estimate (L. Schrage, <i>A Proof of the Optimality
 * of the Shortest Remaining Processing Time Discipline</i>, Operations Research 16(3), 1968).
 *
 * <p>A task without an estimate comes after all that have one. One that has used up its estimate
 * has proved it wrong: it ranks by how far it went beyond it, so that a wrong guess cannot hold the
 * processor. Thread-safe.
 */
final class ShortestJobFirst implements KeyedPolicy {
    private final long quantum;

    ShortestJobFirst(long quantumNanos) {
        quantum = quantumNanos;
    }

    @Override
    public long key(TaskView task) {
        long estimate = task.estimatedNanos();
        return estimate == 0 ? Long.MAX_VALUE : Math.abs(estimate - task.consumedNanos());
    }

    @Override
    public long quantum(TaskView task) {
        return quantum;
    }
}
