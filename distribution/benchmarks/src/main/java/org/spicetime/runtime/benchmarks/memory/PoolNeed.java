// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.List;
import java.util.function.Consumer;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.benchmarks.Figure;

/** The smallest pool in which a strategy survives a trace, by binary search. */
final class PoolNeed {
    private static final long MIB = 1L << 20;
    private static final double BUDGET = 1.15;

    /** Beyond that a strategy is not looked at any further. */
    private static final double MOST = 2.5;

    private PoolNeed() {}

    /** Searches; tells it beside the most bytes that were asked for at once. */
    static void measure(
            AllocationStrategyFactory factory,
            Trace trace,
            boolean budget,
            Consumer<Figure> figures) {
        String name =
                "%s, %s, smallest pool that survives : peak"
                        .formatted(factory.descriptor().name(), trace.name());
        long low = trace.peakBytes() / MIB;
        long high = (long) (trace.peakBytes() * MOST / MIB) + 1;
        if (!survives(factory, high, trace)) {
            figures.accept(Figure.absent(name, "more than " + MOST + " times the peak"));
            return;
        }
        long step = Math.max(1, low / 256);
        while (high - low > step) {
            long middle = (low + high) / 2;
            if (survives(factory, middle, trace)) high = middle;
            else low = middle;
        }
        String note = "peak %d MiB".formatted(trace.peakBytes() / MIB);
        figures.accept(
                Figure.atMost(
                        name,
                        "x",
                        budget ? BUDGET : Double.NaN,
                        note,
                        List.of((double) high * MIB / trace.peakBytes())));
    }

    private static boolean survives(AllocationStrategyFactory factory, long mib, Trace trace) {
        return Replay.survives(new StrategySubject(factory, mib * MIB), trace);
    }
}
