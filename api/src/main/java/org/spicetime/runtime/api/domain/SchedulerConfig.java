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
 * @param priorities priority range
 * @param preemption when a running task loses the processor
 * @param parameters parameters of the policy, as its descriptor names them
 */
public record SchedulerConfig(
        String policy,
        Duration quantum,
        PriorityConfig priorities,
        PreemptionConfig preemption,
        Map<String, Object> parameters) {
    public SchedulerConfig {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(priorities, "priorities");
        Objects.requireNonNull(preemption, "preemption");
        if (quantum.isNegative())
            throw new IllegalArgumentException("quantum must be 0 or more, was " + quantum);
        parameters = Map.copyOf(parameters);
    }
}
