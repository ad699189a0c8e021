// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.List;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/** Offers the built-in first-fit, the strategy that takes over from every other. Thread-safe. */
public final class FirstFitFactory implements AllocationStrategyFactory {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "FIRST_FIT",
                    "1.0.0",
                    "Built-in fallback: the lowest free place that is large enough.",
                    false,
                    OverlapGuard.GRANULE_BYTES,
                    OverlapGuard.MAX_POOL_BYTES,
                    OverlapGuard.MAX_POOL_BYTES,
                    true,
                    Concurrency.SINGLE,
                    List.of());

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return new FirstFit(geometry);
    }
}
