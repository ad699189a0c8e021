// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.staticpartition;

import java.util.Arrays;
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

/** Offers STATIC to domains. Thread-safe. */
@Component
public final class StaticPartitionFactory implements AllocationStrategyFactory {
    static final String PARTITION = "partition";

    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "STATIC",
                    "1.0.0",
                    "All blocks are laid out at the start, in a few sizes: nothing is split or joined"
                            + " later, and what fits is known beforehand.",
                    true,
                    BlockRows.UNIT_BYTES,
                    BlockRows.MAX_POOL_BYTES,
                    Partition.LARGEST_BLOCK,
                    false,
                    Concurrency.SINGLE,
                    List.of(
                            OptionSpec.text(
                                    PARTITION,
                                    "64:5 256:10 1024:15 4096:20 16384:20 65536:30",
                                    "Sizes of blocks in bytes and the percentage of each zone that"
                                            + " is cut into them, as SIZE:PERCENT separated by"
                                            + " blanks.")));

    @Override
    public StrategyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        String text = options.text(PARTITION);
        Partition partition = Partition.of(text);
        FixedBlocks blocks =
                new FixedBlocks("STATIC", geometry, partition.sizes(), partition.percents());
        long[] counts = blocks.counts(geometry.zoneBytes());
        if (Arrays.stream(counts).anyMatch(count -> count == 0)
                || Arrays.stream(counts).sum() < 2) {
            throw Partition.refused(
                    text,
                    "a partition with two blocks, and one of each size, in a zone of %d bytes; a larger pool has larger zones"
                            .formatted(geometry.zoneBytes()));
        }
        return blocks;
    }
}
