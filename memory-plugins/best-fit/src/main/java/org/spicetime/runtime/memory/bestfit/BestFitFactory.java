// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.bestfit;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.memory.blocks.BlockRows;

/** Offers BEST_FIT to domains. Thread-safe. */
@Component
public final class BestFitFactory implements AllocationStrategyFactory {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "BEST_FIT",
                    "1.0.0",
                    "The smallest free range that is large enough, the lowest among equals: least waste, time logarithmic in the number of free ranges.",
                    false,
                    BlockRows.UNIT_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    false,
                    Concurrency.SINGLE,
                    List.of());

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return new BestFit(geometry);
    }
}
