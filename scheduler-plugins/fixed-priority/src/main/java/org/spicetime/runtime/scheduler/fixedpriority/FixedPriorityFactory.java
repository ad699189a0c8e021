// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fixedpriority;

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
import org.spicetime.runtime.api.scheduler.analysis.FixedPriorityTest;

/** Offers {@code PRIORITY}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class FixedPriorityFactory implements SchedulingPolicyFactory {
    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "PRIORITY",
                    "1.0.0",
                    "Fixed priorities: the task with the largest priority runs first.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of(AdmissionMode.option(AdmissionMode.OFF)));
    private static final SchedulabilityTest TEST =
            new FixedPriorityTest(task -> -(long) task.priority());

    /** Called by the service registry or the service loader. */
    public FixedPriorityFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new FixedPriority(context.quantumNanos());
    }

    @Override
    public Optional<SchedulabilityTest> schedulabilityTest() {
        return Optional.of(TEST);
    }
}
