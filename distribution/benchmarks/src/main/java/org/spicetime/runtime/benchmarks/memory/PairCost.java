// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.spicetime.runtime.benchmarks.Figure;

/**
 * What a release and an allocation cost on a trace: each contestant replays it once, one after the
 * other, as often as there are repetitions. A ratio is formed repetition by repetition.
 */
final class PairCost {
    private final Trace trace;
    private final Map<String, List<Replay.Cost>> costs = new LinkedHashMap<>();

    private PairCost(Trace trace) {
        this.trace = trace;
    }

    /** Measures; tells which contestants do not serve the trace. */
    static PairCost measure(
            List<Contestant> contestants, Trace trace, int runs, Consumer<Figure> figures)
            throws Exception {
        PairCost cost = new PairCost(trace);
        List<Contestant> serving = new ArrayList<>();
        for (Contestant contestant : contestants) {
            try {
                contestant.run(subject -> Replay.cost(subject, trace));
                contestant.run(subject -> Replay.cost(subject, trace));
                serving.add(contestant);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception unserved) {
                figures.accept(
                        Figure.absent(
                                contestant.name() + ", " + trace.name(),
                                "does not serve it: " + unserved.getMessage()));
            }
        }
        for (int run = 0; run < runs; run++)
            for (Contestant contestant : serving)
                cost.costs
                        .computeIfAbsent(contestant.name(), name -> new ArrayList<>())
                        .add(contestant.run(subject -> Replay.cost(subject, trace)));
        return cost;
    }

    boolean has(String name) {
        return costs.containsKey(name);
    }

    void tell(Consumer<Figure> figures) {
        for (String name : costs.keySet())
            figures.accept(
                    Figure.told(
                            name + ", " + trace.name() + ", processor time per pair",
                            "ns",
                            "",
                            samples(name, Replay.Cost::cpuNanos)));
    }

    /** What one of the contestants came to in each repetition. */
    List<Double> samples(String name, ToDoubleFunction<Replay.Cost> value) {
        return costs.getOrDefault(name, List.of()).stream()
                .map(cost -> value.applyAsDouble(cost))
                .toList();
    }

    /** Processor time of one less that of another, repetition by repetition. */
    List<Double> difference(String more, String less) {
        List<Double> upper = samples(more, Replay.Cost::cpuNanos);
        List<Double> lower = samples(less, Replay.Cost::cpuNanos);
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < Math.min(upper.size(), lower.size()); i++)
            differences.add(Math.max(0, upper.get(i) - lower.get(i)));
        return differences;
    }

    /**
     * The budgets of one of ours beside mimalloc and Netty.
     *
     * @param zeroing what zeroing costs, which is not part of the budgets; empty: it does not zero
     */
    void tellBudgets(String ours, List<Double> zeroing, Consumer<Figure> figures) {
        if (!has(ours)) return;
        String what =
                ", "
                        + trace.name()
                        + ", processor time"
                        + (zeroing.isEmpty() ? "" : " but zeroing");
        List<Double> own = samples(ours, Replay.Cost::cpuNanos);
        if (!zeroing.isEmpty()) {
            List<Double> less = new ArrayList<>();
            for (int i = 0; i < own.size(); i++) less.add(Math.max(1, own.get(i) - zeroing.get(i)));
            own = less;
        }
        List<Double> mimalloc = ratio(own, samples("mimalloc", Replay.Cost::cpuNanos));
        figures.accept(
                mimalloc.isEmpty()
                        ? Figure.absent(
                                ours + " : mimalloc" + what, "libmimalloc2.0 is not installed")
                        : Figure.atMost(ours + " : mimalloc" + what, "x", 1.5, "", mimalloc));
        if (has("Netty pooled"))
            figures.accept(
                    Figure.atLeast(
                            "Netty pooled : " + ours + what,
                            "x",
                            5,
                            "",
                            ratio(samples("Netty pooled", Replay.Cost::cpuNanos), own)));
        for (String peer : List.of("Netty adaptive", "malloc", "Arena.ofConfined"))
            if (has(peer))
                figures.accept(
                        Figure.told(
                                peer + " : " + ours + what,
                                "x",
                                "",
                                ratio(samples(peer, Replay.Cost::cpuNanos), own)));
    }

    private static List<Double> ratio(List<Double> upper, List<Double> lower) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(upper.size(), lower.size()); i++)
            ratios.add(upper.get(i) / lower.get(i));
        return ratios;
    }
}
