// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.spicetime.runtime.benchmarks.Figure;

/**
 * How long single operations take: of several identical replays the least time of each operation,
 * which leaves out what the machine did meanwhile and keeps what the allocator needs. For one that
 * keeps its past the replays are not identical; its largest values say less.
 */
final class Latency {
    private static final double P9999_BUDGET = 1_000;
    private static final double MOST_BUDGET = 5_000;

    private Latency() {}

    /**
     * Measures and tells.
     *
     * @param budgets whether those of ours apply
     */
    static void measure(
            Contestant contestant,
            Trace trace,
            int replays,
            boolean budgets,
            Consumer<Figure> figures)
            throws Exception {
        int[] least = new int[trace.operations()];
        Arrays.fill(least, Integer.MAX_VALUE);
        try {
            for (int i = 0; i < replays; i++)
                contestant.run(subject -> {
                    Replay.lower(subject, trace, least);
                    return true;
                });
        } catch (Replay.Unserved unserved) {
            figures.accept(
                    Figure.absent(
                            contestant.name() + ", " + trace.name() + ", time of a pair",
                            "does not serve it: " + unserved.getMessage()));
            return;
        }
        int[] pairs = Arrays.copyOfRange(least, trace.live(), trace.operations());
        int[] fills = Arrays.copyOf(least, trace.live());
        Arrays.sort(pairs);
        Arrays.sort(fills);
        String name = contestant.name() + ", " + trace.name() + ", ";
        String method =
                "least of %d replays, %s"
                        .formatted(replays, contestant.madeAnew() ? "made anew" : "with its past");
        String lower = "p50 %d ns, p99.9 %d ns".formatted(rank(pairs, 0.5), rank(pairs, 0.999));
        figures.accept(
                Figure.atMost(
                        name + "pair, p99.99",
                        "ns",
                        budgets ? P9999_BUDGET : Double.NaN,
                        lower + ", " + method,
                        List.of((double) rank(pairs, 0.9999))));
        figures.accept(
                Figure.atMost(
                        name + "pair, max",
                        "ns",
                        budgets ? MOST_BUDGET : Double.NaN,
                        "max of an allocation while it fills %d ns".formatted(rank(fills, 1)),
                        List.of((double) rank(pairs, 1))));
    }

    private static int rank(int[] sorted, double share) {
        return sorted[(int) Math.ceil(sorted.length * share) - 1];
    }
}
