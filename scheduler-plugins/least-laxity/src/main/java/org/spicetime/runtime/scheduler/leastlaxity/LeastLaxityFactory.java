// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.leastlaxity;

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

/** Offers {@code LEAST_LAXITY}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class LeastLaxityFactory implements SchedulingPolicyFactory {
    private static final String MARGIN = "margin";

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "LEAST_LAXITY",
                    "1.0.0",
                    "The task with the least time to spare before its deadline runs first.",
                    Ordering.STRICT,
                    true,
                    true,
                    Optional.empty(),
                    List.of(
                            OptionSpec.duration(
                                    MARGIN,
                                    Duration.ofMillis(1),
                                    Duration.ofNanos(1_000),
                                    Duration.ofSeconds(1),
                                    "A waiting task preempts because time passes only once its laxity is smaller by so much.")));

    /** Called by the service registry or the service loader. */
    public LeastLaxityFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new LeastLaxity(
                context.clock(), options.duration(MARGIN).toNanos(), context.quantumNanos());
    }
}
