// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.kernel.guard.CallFault;
import org.spicetime.runtime.kernel.guard.CallMeter;

/*
 * To the meter each stretch between two moves is a call of its own, because what the host copies in
 * between is not the strategy's time. After the first exception there are no such stretches any more:
 * a strategy that goes on all the same is in one call that lasts.
 */
/** Stops the meter of a strategy while the host moves a block. Guarded by the caller. */
final class MeteredMoves implements MoveSink {
    private final MoveSink sink;
    private final CallMeter meter;
    private final int items;
    private @Nullable StrategyFault found;
    private boolean ended;

    MeteredMoves(MoveSink sink, CallMeter meter, int items) {
        this.sink = sink;
        this.meter = meter;
        this.items = items;
    }

    /** What the meter found; null: nothing. */
    @Nullable StrategyFault found() {
        return found;
    }

    @Override
    public boolean over() {
        return ended || sink.over();
    }

    @Override
    public boolean move(long id, long from, long to) {
        if (ended) {
            throw new IllegalStateException("this plan of moves has ended");
        }
        ended = true;
        @Nullable CallFault fault = meter.leave();
        try {
            if (fault != null) {
                found = new StrategyFault(fault, null);
                throw found;
            }
            boolean moved = sink.move(id, from, to);
            ended = false;
            return moved;
        } finally {
            meter.enter("planMoves", items);
        }
    }
}
