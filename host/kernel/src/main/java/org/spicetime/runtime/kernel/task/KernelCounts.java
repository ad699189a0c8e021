// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

/**
 * Gauges and counters of a kernel since it was made. Immutable.
 *
 * @param scheduled tasks admitted
 * @param pending tasks in state PENDING now
 * @param ready those of them that could be dispatched now
 * @param running tasks in state RUNNING now
 * @param blocked tasks in state BLOCKED now
 * @param completed ends in state COMPLETED
 * @param failed ends in state FAILED, cancellations included
 * @param deadlineMisses deadlines missed
 * @param contextSwitches dispatches
 * @param preemptions dispatches lost to a more urgent task
 * @param priorityInversions times a task began to inherit an urgency
 * @param retries attempts after a failed one
 * @param ejections policies ejected
 */
public record KernelCounts(
        long scheduled,
        int pending,
        int ready,
        int running,
        int blocked,
        long completed,
        long failed,
        long deadlineMisses,
        long contextSwitches,
        long preemptions,
        long priorityInversions,
        long retries,
        long ejections) {}
