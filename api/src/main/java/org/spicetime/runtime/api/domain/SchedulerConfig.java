// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How ready tasks are ordered. Immutable.
 *
 * @param policy name of the policy configured; see {@link DomainState#activePolicy()} for the one
 *     in charge
 * @param quantum time slice; zero: none
 * @param maxStarted most tasks that are started and unfinished at a time, 1 to {@link
 *     #MOST_STARTED}; each of them owns a thread. 0: {@value #STARTED_BEYOND_PARALLELISM} more than
 *     may run at a time
 * @param priorities priority range
 * @param preemption when a running task loses the processor
 * @param parameters parameters of the policy, as its descriptor names them
 */
public record SchedulerConfig(
        String policy,
        Duration quantum,
        int maxStarted,
        PriorityConfig priorities,
        PreemptionConfig preemption,
        Map<String, Object> parameters) {
    /** Started tasks a domain may hold beyond its parallelism unless it says otherwise. */
    public static final int STARTED_BEYOND_PARALLELISM = 64;

    /** Largest value of {@code maxStarted}. */
    public static final int MOST_STARTED = 4096;

    public SchedulerConfig {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(priorities, "priorities");
        Objects.requireNonNull(preemption, "preemption");
        if (quantum.isNegative())
            throw new IllegalArgumentException("quantum must be 0 or more, was " + quantum);
        if (maxStarted < 0 || maxStarted > MOST_STARTED)
            throw new IllegalArgumentException(
                    "maxStarted must be 0 .. " + MOST_STARTED + ", was " + maxStarted);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Most tasks that are started and unfinished at a time, the default filled in.
     *
     * @param parallelism tasks that may run at a time
     * @return 1 or more
     */
    public int effectiveMaxStarted(int parallelism) {
        return maxStarted == 0 ? STARTED_BEYOND_PARALLELISM + parallelism : maxStarted;
    }
}
