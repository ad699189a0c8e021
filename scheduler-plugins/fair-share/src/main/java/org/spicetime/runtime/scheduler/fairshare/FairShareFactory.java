// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fairshare;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** Offers {@code FAIR_SHARE}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class FairShareFactory implements SchedulingPolicyFactory {
    private static final String SLICE = "slice";

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "FAIR_SHARE",
                    "1.0.0",
                    "Time in proportion to weights, never off by more than a slice; a task weighs one more for each step of priority.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of(
                            OptionSpec.duration(
                                    SLICE,
                                    Duration.ofMillis(3),
                                    Duration.ofNanos(100_000),
                                    Duration.ofSeconds(60),
                                    "Time slice in a domain that has no quantum.")));

    /** Called by the service registry or the service loader. */
    public FairShareFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        long quantum = context.quantumNanos();
        return new FairShare(
                context.clock(),
                context.minPriority(),
                quantum > 0 ? quantum : options.duration(SLICE).toNanos());
    }
}
