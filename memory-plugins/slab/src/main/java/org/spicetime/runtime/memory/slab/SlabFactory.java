// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.memory.blocks.BlockRows;

/** Offers SLAB to domains. Thread-safe. */
@Component
public final class SlabFactory implements AllocationStrategyFactory {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "SLAB",
                    "1.0.0",
                    "Slabs of equal blocks for each of 36 sizes: small mixed sizes side by side without searching.",
                    true,
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
        return new Slab(geometry);
    }
}
