// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/** Strategies that break their contract after a few good blocks. Immutable. */
enum HostileStrategies implements AllocationStrategyFactory {
    /** Gives memory that another block holds. */
    OVERLAPS(Overlaps::new),
    /** Gives memory outside of its zones. */
    LEAVES(LeavesThePool::new),
    /** Gives an offset below zero. */
    NEGATIVE(Negative::new),
    /** Answers with a failure that does not exist. */
    BABBLES(Babbles::new),
    /** Throws. */
    THROWS(Throws::new);

    static final long GRANULE = 64;
    static final int GOOD_BLOCKS = 5;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Supplier<AllocationStrategy> made;

    HostileStrategies(Supplier<AllocationStrategy> made) {
        this.made = made;
    }

    @Override
    public StrategyDescriptor descriptor() {
        return new StrategyDescriptor(
                "TEST_" + name(),
                "1.0.0",
                "Breaks its contract.",
                false,
                GRANULE,
                1L << 40,
                1L << 30,
                false,
                Concurrency.SINGLE,
                List.of());
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return made.get();
    }

    /** Never uses memory twice: enough for a test, and as the contract has it. */
    private static class Honest implements AllocationStrategy {
        private final TreeMap<Long, Long> zones = new TreeMap<>();
        private final Map<Long, long[]> blocks = new TreeMap<>();
        private long next;
        private long used;

        final boolean turned() {
            return next >= GOOD_BLOCKS;
        }

        long offsetFor(long offset) {
            return offset;
        }

        @Override
        public long allocate(long size, long align, int hint) {
            long rounded = Math.ceilDiv(size, GRANULE) * GRANULE;
            for (Map.Entry<Long, Long> zone : zones.entrySet()) {
                long begin = zone.getKey() + Math.ceilDiv(used, align) * align;
                if (begin + rounded <= zone.getKey() + zone.getValue()) {
                    used = begin + rounded - zone.getKey();
                    blocks.put(next, new long[] {offsetFor(begin), rounded});
                    return next++;
                }
            }
            return AllocationFailure.NO_SPACE.result();
        }

        @Override
        public void release(long id) {
            if (blocks.remove(id) == null) {
                throw new IllegalArgumentException("no block " + id);
            }
        }

        @Override
        public long offset(long id) {
            return block(id)[0];
        }

        @Override
        public long size(long id) {
            return block(id)[1];
        }

        private long[] block(long id) {
            long[] block = blocks.get(id);
            if (block == null) {
                throw new IllegalArgumentException("no block " + id);
            }
            return block;
        }

        @Override
        public void addZone(long offset, long length) {
            zones.put(offset, length);
        }

        @Override
        public boolean dropZone(long offset) {
            boolean empty = blocks.isEmpty();
            if (empty) {
                zones.remove(offset);
            }
            return empty;
        }

        @Override
        public FragmentationStats stats() {
            long free = zones.values().stream().mapToLong(Long::longValue).sum() - used;
            long rest = Math.max(0, free);
            return new FragmentationStats(rest, rest, rest == 0 ? 0 : 1, 0);
        }

        @Override
        public void forEachBlock(BlockVisitor visitor) {
            blocks.forEach((id, block) -> visitor.visit(id, block[0], block[1]));
        }
    }

    private static final class Overlaps extends Honest {
        private long first = -1;

        @Override
        long offsetFor(long offset) {
            if (first < 0) {
                first = offset;
            }
            return turned() ? first : offset;
        }
    }

    private static final class LeavesThePool extends Honest {
        @Override
        long offsetFor(long offset) {
            return turned() ? 1L << 41 : offset;
        }
    }

    private static final class Negative extends Honest {
        @Override
        long offsetFor(long offset) {
            return turned() ? -GRANULE : offset;
        }
    }

    private static final class Babbles extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            return turned() ? -77 : super.allocate(size, align, hint);
        }
    }

    private static final class Throws extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            if (turned()) {
                throw new IllegalStateException("hostile");
            }
            return super.allocate(size, align, hint);
        }
    }
}
