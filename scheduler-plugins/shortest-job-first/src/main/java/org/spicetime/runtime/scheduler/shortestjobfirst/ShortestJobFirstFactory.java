// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** Offers {@code SHORTEST_JOB_FIRST}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class ShortestJobFirstFactory implements SchedulingPolicyFactory {
    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "SHORTEST_JOB_FIRST",
                    "1.0.0",
                    "The task with the least estimated work left runs first.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of());

    /** Called by the service registry or the service loader. */
    public ShortestJobFirstFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new ShortestJobFirst(context.quantumNanos());
    }
}
