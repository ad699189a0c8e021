// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.ratemonotonic;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.AdmissionMode;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskDemand;
import org.spicetime.runtime.api.scheduler.analysis.FixedPriorityTest;

/** Offers {@code RATE_MONOTONIC}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class RateMonotonicFactory implements SchedulingPolicyFactory {
    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "RATE_MONOTONIC",
                    "1.0.0",
                    "Rate monotonic: the task of the schedule with the shortest period runs first, tasks without one last.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of(AdmissionMode.option(AdmissionMode.PERIODIC)));
    private static final SchedulabilityTest TEST = new FixedPriorityTest(TaskDemand::periodNanos);

    /** Called by the service registry or the service loader. */
    public RateMonotonicFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new RateMonotonic(context.quantumNanos());
    }

    @Override
    public Optional<SchedulabilityTest> schedulabilityTest() {
        return Optional.of(TEST);
    }
}
