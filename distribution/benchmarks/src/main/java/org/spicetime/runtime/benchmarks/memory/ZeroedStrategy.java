// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;

/**
 * A strategy alone whose blocks are zeroed: less the strategy by itself that is what zeroing costs.
 * All pages are resident before.
 */
final class ZeroedStrategy implements Subject, AutoCloseable {
    /** What its name has beyond that of the strategy. */
    static final String SUFFIX = " and zeroing";

    private final StrategySubject plan;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    ZeroedStrategy(AllocationStrategyFactory factory, long poolBytes) {
        plan = new StrategySubject(factory, poolBytes);
        memory = arena.allocate(poolBytes, 4096);
    }

    @Override
    public String name() {
        return plan.name() + SUFFIX;
    }

    @Override
    public boolean madeAnew() {
        return true;
    }

    @Override
    public void begin(int slots) {
        plan.begin(slots);
    }

    @Override
    public boolean put(int slot, int bytes) {
        if (!plan.put(slot, bytes)) return false;
        memory.asSlice(plan.offset(slot), bytes).fill((byte) 0);
        return true;
    }

    @Override
    public void take(int slot) {
        plan.take(slot);
    }

    @Override
    public void end() {
        plan.end();
    }

    @Override
    public void close() {
        arena.close();
    }
}
