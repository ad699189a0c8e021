// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.earliestdeadline;

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
import org.spicetime.runtime.api.scheduler.analysis.EarliestDeadlineTest;

/** Offers {@code EDF}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class EarliestDeadlineFactory implements SchedulingPolicyFactory {
    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "EDF",
                    "1.0.0",
                    "Earliest deadline first: the task whose deadline comes first runs first, tasks without one last.",
                    Ordering.STRICT,
                    true,
                    true,
                    Optional.empty(),
                    List.of(AdmissionMode.option(AdmissionMode.PERIODIC)));
    private static final SchedulabilityTest TEST = new EarliestDeadlineTest();

    /** Called by the service registry or the service loader. */
    public EarliestDeadlineFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new EarliestDeadline(context.quantumNanos());
    }

    @Override
    public Optional<SchedulabilityTest> schedulabilityTest() {
        return Optional.of(TEST);
    }
}
