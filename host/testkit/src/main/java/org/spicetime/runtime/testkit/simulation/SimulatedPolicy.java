// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.Map;
import java.util.Objects;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.testkit.DefaultOptions;

/**
 * A policy and how it is set. Immutable.
 *
 * @param factory of the policy
 * @param options values that differ from the defaults, by name
 */
public record SimulatedPolicy(SchedulingPolicyFactory factory, Map<String, Object> options) {
    public SimulatedPolicy {
        Objects.requireNonNull(factory, "factory");
        options = Map.copyOf(options);
    }

    /** With its default options. */
    public static SimulatedPolicy of(SchedulingPolicyFactory factory) {
        return new SimulatedPolicy(factory, Map.of());
    }

    Policy create(PolicyContext context) {
        return factory.create(context, new DefaultOptions(factory.descriptor().options(), options));
    }
}
