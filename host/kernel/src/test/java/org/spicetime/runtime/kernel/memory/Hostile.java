// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/** A strategy that is honest until told to misbehave. Tests override what goes wrong. */
class Hostile implements AllocationStrategy {
    /** What goes wrong at the next allocation; empty: nothing. */
    Optional<Fault> next = Optional.empty();

    /** Wrong answers. */
    enum Fault {
        OVERLAP,
        MISALIGNED,
        OUTSIDE,
        NEGATIVE_OFFSET,
        TOO_SMALL,
        REUSED_ID,
        UNKNOWN_FAILURE,
        THROWS,
        OVERFLOWS_THE_STACK
    }

    final FirstFit honest;
    private final Geometry geometry;
    private long lied = -1;
    private long again;

    Hostile(Geometry geometry) {
        this.geometry = geometry;
        honest = new FirstFit(geometry);
    }

    static StrategyBinding binding(Function<Geometry, ? extends AllocationStrategy> make) {
        StrategyDescriptor descriptor =
                new StrategyDescriptor(
                        "ACME_HOSTILE",
                        "6.6.6",
                        "Misbehaves.",
                        false,
                        16,
                        1L << 40,
                        1L << 40,
                        true,
                        Concurrency.SINGLE,
                        List.of());
        AllocationStrategyFactory factory =
                new AllocationStrategyFactory() {
                    @Override
                    public StrategyDescriptor descriptor() {
                        return descriptor;
                    }

                    @Override
                    public AllocationStrategy create(Geometry geometry, Options options) {
                        return make.apply(geometry);
                    }
                };
        return new StrategyBinding(factory, descriptor, NoOptions.INSTANCE, "com.acme.hostile");
    }

    @Override
    public long allocate(long size, long align, int hint) {
        lied = -1;
        if (next.equals(Optional.of(Fault.UNKNOWN_FAILURE))) {
            return -77;
        }
        if (next.equals(Optional.of(Fault.THROWS))) {
            throw new IllegalStateException("as told");
        }
        if (next.equals(Optional.of(Fault.OVERFLOWS_THE_STACK))) {
            return allocate(size, align, hint);
        }
        long id = honest.allocate(size, align, hint);
        if (next.equals(Optional.of(Fault.REUSED_ID))) {
            again = id;
            lied = 0;
            return 0;
        }
        lied = id;
        return id;
    }

    @Override
    public void release(long id) {
        honest.release(id);
    }

    @Override
    public long offset(long id) {
        if (id != lied || next.isEmpty()) {
            return honest.offset(id);
        }
        long offset = next.equals(Optional.of(Fault.REUSED_ID)) ? 0 : honest.offset(id);
        return switch (next.get()) {
            case OVERLAP -> 0;
            case MISALIGNED -> offset + 1;
            case OUTSIDE -> geometry.poolBytes();
            case NEGATIVE_OFFSET -> -16;
            case REUSED_ID -> honest.offset(again);
            case TOO_SMALL, UNKNOWN_FAILURE, THROWS, OVERFLOWS_THE_STACK -> offset;
        };
    }

    @Override
    public long size(long id) {
        if (id == lied && next.equals(Optional.of(Fault.REUSED_ID))) {
            return honest.size(again);
        }
        boolean small = id == lied && next.equals(Optional.of(Fault.TOO_SMALL));
        return small ? 0 : honest.size(id);
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
