// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;

/**
 * What a configuration means to a schedulability test: as if the slots had processors of their own,
 * and as if handlers reached a safe point at every instant.
 */
final class Budgets {

    private Budgets() {}

    /**
     * The budget of a domain.
     *
     * @param processors of the machine
     */
    static Budget of(
            DomainConfig config,
            @Nullable ResourceAllocation grant,
            PolicyDescriptor policy,
            int processors) {
        int slots = Math.max(1, Math.min(DomainBody.slots(config, grant), processors));
        PreemptionConfig preemption = config.scheduler().preemption();
        boolean wanted =
                policy.preemptive()
                        && preemption.enabled()
                        && preemption.mode() != PreemptionMode.NONE;
        boolean everybody =
                preemption.mode() != PreemptionMode.THRESHOLD
                        && preemption.nonPreemptible().isEmpty();
        long granularity = preemption.granularity().toNanos();
        long quantum = config.scheduler().quantum().toNanos();
        if (wanted && everybody) {
            return new Budget(slots, 1, true, granularity);
        }
        if (wanted && slots > 1) {
            // Some are preempted and some are not, which no test for several slots covers.
            return new Budget(slots, 1, true, Math.max(1, granularity));
        }
        boolean sliced = quantum > 0 && preemption.nonPreemptible().isEmpty();
        return sliced
                ? new Budget(slots, 1, true, Math.max(granularity, quantum))
                : new Budget(slots, 1, false, wanted ? granularity : 0);
    }
}
