// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fifo;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** Offers {@code FIFO}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class FifoFactory implements SchedulingPolicyFactory {
    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "FIFO",
                    "1.0.0",
                    "First in, first out: tasks run in the order in which they became ready.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of());

    /** Called by the service registry or the service loader. */
    public FifoFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new Fifo();
    }
}
