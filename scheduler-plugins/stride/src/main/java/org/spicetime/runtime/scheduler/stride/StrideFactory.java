// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.stride;

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

/** Offers {@code STRIDE}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class StrideFactory implements SchedulingPolicyFactory {
    private static final String SLICE = "slice";

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "STRIDE",
                    "1.0.0",
                    "Slices at even intervals in proportion to tickets; a task has a ticket more for each step of priority.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of(
                            OptionSpec.duration(
                                    SLICE,
                                    Duration.ofMillis(10),
                                    Duration.ofNanos(100_000),
                                    Duration.ofSeconds(60),
                                    "Time slice in a domain that has no quantum.")));

    /** Called by the service registry or the service loader. */
    public StrideFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        long quantum = context.quantumNanos();
        return new Stride(
                context.minPriority(), quantum > 0 ? quantum : options.duration(SLICE).toNanos());
    }
}
