// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.pool;

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
import org.spicetime.runtime.memory.blocks.FixedBlocks;

/** Offers POOL to domains. Thread-safe. */
@Component
public final class PoolFactory implements AllocationStrategyFactory {
    static final String BLOCK_SIZE = "blockSize";

    /** The smallest zone of a pool has two of them. */
    private static final long LARGEST_BLOCK = 512 << 10;

    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "POOL",
                    "1.0.0",
                    "Blocks of one size: nothing is searched, split or joined, and nothing fragments.",
                    true,
                    BlockRows.UNIT_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    LARGEST_BLOCK,
                    false,
                    Concurrency.SINGLE,
                    List.of(
                            OptionSpec.number(
                                    BLOCK_SIZE,
                                    4 << 10,
                                    BlockRows.UNIT_BYTES,
                                    LARGEST_BLOCK,
                                    "bytes",
                                    "Size of every block, rounded up to a multiple of 16; larger"
                                            + " requests are refused.")));

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        long size = (options.number(BLOCK_SIZE) + 15) & -BlockRows.UNIT_BYTES;
        return new FixedBlocks("POOL", geometry, new long[] {size}, new int[] {100});
    }
}
