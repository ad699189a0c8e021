// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskView;

/** A policy made of a key, with the quantum of its domain. Immutable. */
record Keyed(String name, boolean preemptive, ToLongFunction<TaskView> key)
        implements SchedulingPolicyFactory {
    static final Keyed DEADLINE = new Keyed("DEADLINE", true, TaskView::deadline);
    static final Keyed PRIORITY = new Keyed("URGENCY", true, task -> -task.priority());
    static final Keyed ARRIVAL = new Keyed("ARRIVAL", false, task -> 0);

    @Override
    public PolicyDescriptor descriptor() {
        return new PolicyDescriptor(
                name,
                "1.0.0",
                "for tests",
                Ordering.STRICT,
                preemptive,
                false,
                Optional.empty(),
                List.of());
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new KeyedPolicy() {
            @Override
            public long key(TaskView task) {
                return key.applyAsLong(task);
            }

            @Override
            public long quantum(TaskView task) {
                return context.quantumNanos();
            }
        };
    }
}
