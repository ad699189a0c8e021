// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.keyedpolicy;

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

/** Offers {@code EXAMPLE_WSJF}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class WeightedShortestJobFactory implements SchedulingPolicyFactory {

    private static final OptionSpec ASSUMED =
            OptionSpec.duration(
                    "assumed",
                    Duration.ofMillis(100),
                    Duration.ofNanos(1),
                    Duration.ofHours(1),
                    "Expected duration of a task that names none.");

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "EXAMPLE_WSJF",
                    "1.0.0",
                    "Weighted shortest job first: the least expected time per weight runs first.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of(ASSUMED));

    /** Called by the service registry or the service loader. */
    public WeightedShortestJobFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new WeightedShortestJob(
                context.minPriority(), options.duration(ASSUMED.name()).toNanos());
    }
}
