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
 * or the part of them that is reserved, and as if handlers reached a safe point at every instant.
 */
final class Budgets {

    /** A share is given once per period, at its beginning or at its end. */
    private static final double PERIOD_NANOS = 10e6;

    private static final double SMALLEST_SHARE = 1e-3;

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
        int slots = Math.min(config.executor().parallelism(), guaranteed(grant, processors));
        double share = share(grant, slots);
        long gaps = Math.round(2 * PERIOD_NANOS * (1 - share));
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
            return new Budget(slots, share, true, gaps + granularity);
        }
        if (wanted && slots > 1) {
            // Some are preempted and some are not, which no test for several slots covers.
            return new Budget(slots, share, true, gaps + Math.max(1, granularity));
        }
        boolean sliced = quantum > 0 && preemption.nonPreemptible().isEmpty();
        return sliced
                ? new Budget(slots, share, true, gaps + Math.max(granularity, quantum))
                : new Budget(slots, share, false, gaps + (wanted ? granularity : 0));
    }

    /* A grant that is no whole number of processors is a share of each slot. */
    private static double share(@Nullable ResourceAllocation grant, int slots) {
        return grant == null || grant.cpu() == null
                ? 1
                : Math.max(SMALLEST_SHARE, Math.min(1, grant.cpu().cores() / slots));
    }

    /* Without a guarantee all of them, as if no other domain wanted any. */
    private static int guaranteed(@Nullable ResourceAllocation grant, int processors) {
        return grant == null || grant.cpu() == null
                ? processors
                : Math.clamp((long) Math.ceil(grant.cpu().cores()), 1, processors);
    }
}
