// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spicetime.runtime.benchmarks.Figure;

/** Throughput and processor time per task of several targets, measured in turn. */
final class Rates {
    private static final int PRODUCERS = 2;
    private static final int TASKS = 400_000;
    private static final int WARM_UP = 3;

    private final Map<String, List<Throughput.Measured>> measured = new LinkedHashMap<>();

    /** Runs all targets in turn, as often as asked for, after a warm-up that does not count. */
    void measure(List<Target> targets, int runs) throws InterruptedException {
        for (int round = 0; round < WARM_UP + runs; round++)
            for (Target target : targets) {
                Throughput.Measured one = Throughput.of(target, PRODUCERS, TASKS);
                if (round >= WARM_UP)
                    measured.computeIfAbsent(target.name(), name -> new ArrayList<>()).add(one);
            }
    }

    /** Tells what each target reached. */
    void tell(Consumer<Figure> figures) {
        measured.forEach((name, runs) -> {
            figures.accept(
                    Figure.told(
                            name + ", throughput",
                            "M tasks/s",
                            "",
                            runs.stream().map(r -> r.tasksPerSecond() / 1e6).toList()));
            figures.accept(
                    Figure.told(
                            name + ", processor time",
                            "ns/task",
                            "",
                            runs.stream().map(Throughput.Measured::cpuNanosPerTask).toList()));
        });
    }

    /** How many times as many tasks a second as the peer, run by run. */
    List<Double> throughputRatio(String ours, String peer) {
        return ratio(ours, peer, (our, its) -> our.tasksPerSecond() / its.tasksPerSecond());
    }

    /** How many times as much processor time the peer needs per task, run by run. */
    List<Double> cpuRatio(String ours, String peer) {
        return ratio(ours, peer, (our, its) -> its.cpuNanosPerTask() / our.cpuNanosPerTask());
    }

    private List<Double> ratio(
            String ours,
            String peer,
            java.util.function.ToDoubleBiFunction<Throughput.Measured, Throughput.Measured> of) {
        List<Throughput.Measured> left = runs(ours);
        List<Throughput.Measured> right = runs(peer);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < left.size(); i++)
            ratios.add(of.applyAsDouble(left.get(i), right.get(i)));
        return ratios;
    }

    private List<Throughput.Measured> runs(String name) {
        List<Throughput.Measured> runs = measured.get(name);
        if (runs == null) throw new IllegalArgumentException(name + " was not measured");
        return runs;
    }
}
