// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Counters and latencies of a domain since its last start. Immutable.
 *
 * @param timestamp when the values were taken
 * @param uptime since the start; zero while it is not started
 * @param tasksScheduled tasks admitted, ever
 * @param tasksPending tasks in state PENDING
 * @param tasksRunning tasks in state RUNNING
 * @param tasksBlocked tasks in state BLOCKED
 * @param tasksCompleted tasks that ended well
 * @param tasksFailed tasks that failed, cancelled ones included
 * @param deadlineMisses deadlines missed
 * @param contextSwitches dispatches of a task to a worker
 * @param preemptions dispatches that took the processor from a running task
 * @param priorityInversions times a task inherited a priority or was raised to a ceiling
 * @param steals tasks taken from another worker's queue
 * @param ejections times a policy or strategy was ejected
 * @param longestPollGap longest time a running task took to reach a safe point, or to end, after it
 *     was asked to give way; bounds how late a preemption comes. Null: none was asked yet
 * @param throughputPerSecond tasks finished per second, over the last 10 seconds
 * @param schedulingLatency from ready to running
 * @param turnaround from admission to the end
 */
public record RuntimeMetrics(
        Instant timestamp,
        Duration uptime,
        long tasksScheduled,
        int tasksPending,
        int tasksRunning,
        int tasksBlocked,
        long tasksCompleted,
        long tasksFailed,
        long deadlineMisses,
        long contextSwitches,
        long preemptions,
        long priorityInversions,
        long steals,
        long ejections,
        @Nullable Duration longestPollGap,
        double throughputPerSecond,
        LatencySummary schedulingLatency,
        LatencySummary turnaround) {}
