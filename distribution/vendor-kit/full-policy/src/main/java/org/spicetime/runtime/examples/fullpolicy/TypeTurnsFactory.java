// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.fullpolicy;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.api.task.TaskType;

/** Offers {@code EXAMPLE_TYPE_TURNS}. Thread-safe. */
@Component(service = SchedulingPolicyFactory.class)
public final class TypeTurnsFactory implements SchedulingPolicyFactory {

    /* While a task waits, each task of its type before it lets every other type have one turn. */
    private static final StarvationBound BOUND =
            new StarvationBound(TaskType.values().length, TaskType.values().length);

    private static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "EXAMPLE_TYPE_TURNS",
                    "1.0.0",
                    "The types of task take turns; within a type first come first served.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.of(BOUND),
                    List.of());

    /** Called by the service registry or the service loader. */
    public TypeTurnsFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new TypeTurns();
    }
}
