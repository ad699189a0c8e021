// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.scheduler.PolicyContext;

/**
 * The context of a policy, from its parts. Immutable; as thread-safe as its clock and generator.
 */
public record PolicyEnvironment(
        LongSupplier clock,
        RandomGenerator rng,
        int slots,
        int minPriority,
        int maxPriority,
        long quantumNanos)
        implements PolicyContext {
    public PolicyEnvironment {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(rng, "rng");
        if (slots < 1) throw new IllegalArgumentException("slots must be 1 or more, was " + slots);
        if (minPriority > maxPriority)
            throw new IllegalArgumentException(
                    "minPriority must be at most maxPriority "
                            + maxPriority
                            + ", was "
                            + minPriority);
        if (quantumNanos < 0)
            throw new IllegalArgumentException(
                    "quantumNanos must be 0 or more, was " + quantumNanos);
    }
}
