// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.memory.blocks.BlockRows;

/** Offers ARENA to domains. Thread-safe. */
@Component
public final class ArenaFactory implements AllocationStrategyFactory {
    static final String CHUNK_BYTES = "chunkBytes";

    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "ARENA",
                    "1.0.0",
                    "Bump pointer per task: blocks cost next to nothing and return as a whole at the"
                            + " end of the task.",
                    true,
                    BlockRows.UNIT_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    false,
                    Concurrency.SINGLE,
                    List.of(
                            OptionSpec.number(
                                    CHUNK_BYTES,
                                    64 << 10,
                                    4 << 10,
                                    1 << 20,
                                    "bytes",
                                    "Memory a task takes at a time; rounded up to a power of two,"
                                            + " and in a large pool to a 65536th of it.")));

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return new Arena(geometry, options.number(CHUNK_BYTES));
    }
}
