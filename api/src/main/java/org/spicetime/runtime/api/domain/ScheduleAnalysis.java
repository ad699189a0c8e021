// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * Whether the policy in force can guarantee the deadlines of a domain: of its schedules (also while
 * they are paused), and of its unfinished single tasks with a deadline. Run times are the expected
 * ones of the requests, nothing measured. Immutable.
 *
 * @param policy the policy it holds for
 * @param schedulable whether all deadlines are guaranteed; null: it cannot be told
 * @param utilization sum of run time over period, in processors; only of those that tell both
 * @param bound utilisation up to which the policy guarantees the deadlines of so many schedules, in
 *     processors; null: none is known
 * @param responseTimes worst-case response times, as far as they are known
 * @param reason why, in one sentence with the numbers
 */
public record ScheduleAnalysis(
        String policy,
        @Nullable Boolean schedulable,
        double utilization,
        @Nullable Double bound,
        List<ResponseTime> responseTimes,
        String reason) {
    /** Copies the list. */
    public ScheduleAnalysis {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(reason, "reason");
        responseTimes = List.copyOf(responseTimes);
    }

    /**
     * Longest time from release to end. Immutable.
     *
     * @param schedule the schedule; null: a single task
     * @param task the single task, or the schedule's last release; null: nothing was released yet
     * @param worstCase the time; null: unbounded
     * @param meetsDeadline whether it is within the deadline
     */
    public record ResponseTime(
            @Nullable UUID schedule,
            @Nullable TaskId task,
            @Nullable Duration worstCase,
            boolean meetsDeadline) {}
}
