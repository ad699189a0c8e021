// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.scheduler.PolicyContext;

/** A context with the clock and the chance of one run. Immutable; as thread-safe as its parts. */
record ClockedContext(PolicyContext base, LongSupplier clock, RandomGenerator rng)
        implements PolicyContext {
    @Override
    public int slots() {
        return base.slots();
    }

    @Override
    public int minPriority() {
        return base.minPriority();
    }

    @Override
    public int maxPriority() {
        return base.maxPriority();
    }

    @Override
    public long quantumNanos() {
        return base.quantumNanos();
    }
}
