// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.Arrays;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * A strategy alone: ids and offsets, no memory, no guard. The pool is cut into zones as a host cuts
 * it.
 */
final class StrategySubject implements Subject {
    private static final long MIB = 1L << 20;
    private static final long EMPTY = -1;

    private final AllocationStrategyFactory factory;
    private final Geometry geometry;
    private AllocationStrategy strategy;
    private long[] ids = new long[0];
    private long highest;

    StrategySubject(AllocationStrategyFactory factory, long poolBytes) {
        this.factory = factory;
        this.geometry =
                new Geometry(factory.descriptor().granuleBytes(), poolBytes, zoneBytes(poolBytes));
        this.strategy = fresh();
    }

    @Override
    public String name() {
        return factory.descriptor().name();
    }

    @Override
    public boolean madeAnew() {
        return true;
    }

    @Override
    public void begin(int slots) {
        strategy = fresh();
        highest = 0;
        ids = new long[slots];
        Arrays.fill(ids, EMPTY);
    }

    @Override
    public boolean put(int slot, int bytes) {
        long id = strategy.allocate(bytes, 16, 0);
        ids[slot] = id;
        if (id < 0) return false;
        highest = Math.max(highest, strategy.offset(id) + strategy.size(id));
        return true;
    }

    @Override
    public void take(int slot) {
        strategy.release(ids[slot]);
        ids[slot] = EMPTY;
    }

    @Override
    public void end() {
        ids = new long[0];
        strategy = fresh();
    }

    /** Where the block of a slot begins. */
    long offset(int slot) {
        return strategy.offset(ids[slot]);
    }

    /** The end of the highest block there was. */
    @Override
    public long footprintBytes() {
        return highest;
    }

    private AllocationStrategy fresh() {
        AllocationStrategy made =
                factory.create(geometry, new DeclaredDefaults(factory.descriptor().options()));
        for (long offset = 0; offset < geometry.poolBytes(); ) {
            long zone =
                    Math.min(
                            geometry.zoneBytes(),
                            Long.highestOneBit(geometry.poolBytes() - offset));
            made.addZone(offset, zone);
            offset += zone;
        }
        return made;
    }

    private static long zoneBytes(long poolBytes) {
        return Long.highestOneBit(Math.clamp(poolBytes / 64, MIB, 64 * MIB));
    }
}
