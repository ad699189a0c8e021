// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.dynamic;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.memory.blocks.BlockRows;

/** Offers DYNAMIC to domains. Thread-safe. */
@Component
public final class DynamicFactory implements AllocationStrategyFactory {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "DYNAMIC",
                    "1.0.0",
                    "General purpose: small blocks are reused by size, zones come into use and go out of use with the load.",
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
        return new Dynamic(geometry);
    }
}
