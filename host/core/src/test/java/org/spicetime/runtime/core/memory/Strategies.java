// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.kernel.memory.FirstFitFactory;
import org.spicetime.runtime.kernel.memory.StrategyBinding;

/** Strategies of a made-up vendor, built on the first-fit. Stateless. */
final class Strategies {
    private static final StrategyDescriptor DESCRIPTOR =
            new StrategyDescriptor(
                    "ACME_TEST",
                    "1.2.3",
                    "For tests.",
                    false,
                    16,
                    1L << 40,
                    1L << 40,
                    true,
                    Concurrency.SINGLE,
                    List.of());

    private Strategies() {}

    /** One that does as it should. */
    static StrategyBinding another() {
        return wrapping(honest -> honest);
    }

    /** One that fills the pool from its end. */
    static StrategyBinding topDown() {
        return making(TopDown::new);
    }

    /** One that is changed on the way. */
    static StrategyBinding wrapping(UnaryOperator<AllocationStrategy> change) {
        return making((honest, geometry) -> change.apply(honest));
    }

    private static StrategyBinding making(
            BiFunction<AllocationStrategy, Geometry, AllocationStrategy> make) {
        AllocationStrategyFactory factory =
                new AllocationStrategyFactory() {
                    @Override
                    public StrategyDescriptor descriptor() {
                        return DESCRIPTOR;
                    }

                    @Override
                    public AllocationStrategy create(Geometry geometry, Options options) {
                        return make.apply(
                                new FirstFitFactory().create(geometry, options), geometry);
                    }
                };
        return new StrategyBinding(
                factory, DESCRIPTOR, StrategyBinding.firstFit().options(), "com.acme.memory");
    }

    /** Passes everything on; tests override what goes wrong. */
    static class Passing implements AllocationStrategy {
        private final AllocationStrategy honest;

        Passing(AllocationStrategy honest) {
            this.honest = honest;
        }

        @Override
        public long allocate(long size, long align, int hint) {
            return honest.allocate(size, align, hint);
        }

        @Override
        public void release(long id) {
            honest.release(id);
        }

        @Override
        public long offset(long id) {
            return honest.offset(id);
        }

        @Override
        public long size(long id) {
            return honest.size(id);
        }

        @Override
        public boolean planMoves(MoveSink sink, long byteBudget) {
            return honest.planMoves(sink, byteBudget);
        }

        @Override
        public void addZone(long offset, long length) {
            honest.addZone(offset, length);
        }

        @Override
        public boolean dropZone(long offset) {
            return honest.dropZone(offset);
        }

        @Override
        public FragmentationStats stats() {
            return honest.stats();
        }

        @Override
        public void forEachBlock(BlockVisitor visitor) {
            honest.forEachBlock(visitor);
        }
    }

    /** First-fit in the mirror. */
    private static final class TopDown extends Passing {
        private final long end;
        private final Map<Long, Long> lengths = new HashMap<>();

        TopDown(AllocationStrategy honest, Geometry geometry) {
            super(honest);
            end = geometry.poolBytes();
        }

        @Override
        public long allocate(long size, long align, int hint) {
            return super.allocate((size + align - 1) & -align, align, hint);
        }

        @Override
        public long offset(long id) {
            return end - super.offset(id) - super.size(id);
        }

        @Override
        public void addZone(long offset, long length) {
            lengths.put(offset, length);
            super.addZone(end - offset - length, length);
        }

        @Override
        public boolean dropZone(long offset) {
            return super.dropZone(end - offset - lengths.getOrDefault(offset, 0L));
        }

        @Override
        public void forEachBlock(BlockVisitor visitor) {
            super.forEachBlock((id, offset, size) -> visitor.visit(id, end - offset - size, size));
        }
    }
}
