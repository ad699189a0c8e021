// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.kernel.guard.CallFault;
import org.spicetime.runtime.kernel.guard.CallMeter;

/**
 * A foreign strategy with a meter around each call and a log of the last ones. What the meter finds
 * is thrown as {@link StrategyFault}, everything else as it came. Guarded by the caller.
 */
final class MeteredStrategy implements AllocationStrategy {
    private static final int KEPT = 256;
    private static final int LAST_KEPT = KEPT - 1;

    private final AllocationStrategy strategy;
    private final CallMeter meter;
    private final String[] calls = new String[KEPT];
    private final long[] arguments = new long[KEPT];
    private final long[] answers = new long[KEPT];
    private long count;
    private int live;
    private long placedOffset;
    private long placedSize;

    MeteredStrategy(AllocationStrategy strategy, CallMeter meter) {
        this.strategy = strategy;
        this.meter = meter;
    }

    /** The last calls, oldest first: name, argument, answer. */
    List<String> lastCalls() {
        List<String> texts = new ArrayList<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            int at = (int) i & LAST_KEPT;
            texts.add(calls[at] + " " + arguments[at] + " = " + answers[at]);
        }
        return texts;
    }

    /**
     * Allocates and asks where; {@link #placedOffset} and {@link #placedSize} tell. Metered as one
     * call, for that costs more than the calls themselves.
     *
     * @return what the strategy answered
     */
    long place(long size, long align, int hint) {
        int at = begin("allocate", size, 0);
        long id;
        try {
            id = strategy.allocate(size, align, hint);
            answers[at] = id;
            if (id >= 0) {
                live++;
                meter.at("offset");
                placedOffset = strategy.offset(id);
                note("offset", id, placedOffset);
                meter.at("size");
                placedSize = strategy.size(id);
                note("size", id, placedSize);
                meter.at("allocate");
            }
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return ended(at, id);
    }

    long placedOffset() {
        return placedOffset;
    }

    long placedSize() {
        return placedSize;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        int at = begin("allocate", size, 0);
        long id;
        try {
            id = strategy.allocate(size, align, hint);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        if (id >= 0) {
            live++;
        }
        return ended(at, id);
    }

    @Override
    public void release(long id) {
        live--;
        int at = begin("release", id, 0);
        try {
            strategy.release(id);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        ended(at, 0);
    }

    @Override
    public long offset(long id) {
        int at = begin("offset", id, 0);
        long answer;
        try {
            answer = strategy.offset(id);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return ended(at, answer);
    }

    @Override
    public long size(long id) {
        int at = begin("size", id, 0);
        long answer;
        try {
            answer = strategy.size(id);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return ended(at, answer);
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int at = begin("resizeInPlace", id, 0);
        boolean answer;
        try {
            answer = strategy.resizeInPlace(id, newSize);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return ended(at, answer ? 1 : 0) == 1;
    }

    @Override
    public boolean planMoves(MoveSink sink, long byteBudget) {
        int at = begin("planMoves", byteBudget, 1 + live);
        MeteredMoves moves = new MeteredMoves(sink, meter, 1 + live);
        boolean answer;
        try {
            answer = strategy.planMoves(moves, byteBudget);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        boolean more = ended(at, answer ? 1 : 0) == 1;
        StrategyFault found = moves.found();
        if (found != null) {
            throw found;
        }
        return more;
    }

    @Override
    public boolean dropZone(long offset) {
        int at = begin("dropZone", offset, 0);
        boolean answer;
        try {
            answer = strategy.dropZone(offset);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        return ended(at, answer ? 1 : 0) == 1;
    }

    @Override
    public void addZone(long offset, long length) {
        int at = begin("addZone", offset, 0);
        try {
            strategy.addZone(offset, length);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        ended(at, length);
    }

    @Override
    public FragmentationStats stats() {
        int at = begin("stats", 0, 0);
        FragmentationStats answer;
        try {
            answer = strategy.stats();
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        ended(at, 0);
        return answer;
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        int at = begin("forEachBlock", live, live);
        try {
            strategy.forEachBlock(visitor);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
        ended(at, 0);
    }

    private int begin(String call, long argument, int items) {
        int at = note(call, argument, 0);
        meter.enter(call, items);
        return at;
    }

    private int note(String call, long argument, long answer) {
        int at = (int) count++ & LAST_KEPT;
        calls[at] = call;
        arguments[at] = argument;
        answers[at] = answer;
        return at;
    }

    private long ended(int at, long answer) {
        answers[at] = answer;
        CallFault fault = meter.leave();
        if (fault != null) {
            throw new StrategyFault(fault, null);
        }
        return answer;
    }

    private RuntimeException failed(Throwable thrown) {
        CallFault fault = meter.leave();
        if (fault != null) {
            return new StrategyFault(fault, thrown);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException("it threw " + thrown, thrown);
    }
}
