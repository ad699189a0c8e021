// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.spicetime.runtime.benchmarks.Figure;

/** One allocator under one and under two threads, each with a trace and slots of its own. */
final class TwoThreads {
    private static final int LIVE = 20_000;
    private static final int PAIRS = 400_000;
    private static final long PATIENCE_SECONDS = 60;
    private static final double PAIR_BUDGET = 80;
    private static final double SPEED_UP_BUDGET = 1.9;

    /** Where work runs beside other work. */
    interface Place {
        /** Begins to do it with a subject of its own over the shared allocator. */
        <T> Callable<T> start(Contestant.Work<T> work) throws Exception;
    }

    private record Run(double oneCpu, double twoCpu, double speedUp) {}

    private final Map<String, Place> places = new LinkedHashMap<>();

    TwoThreads() {}

    /** Another allocator, whose subjects run on any thread. */
    void add(String name, Supplier<Subject> subjects) {
        places.put(
                name,
                new Place() {
                    @Override
                    public <T> Callable<T> start(Contestant.Work<T> work) {
                        FutureTask<T> task = new FutureTask<>(() -> work.with(subjects.get()));
                        new Thread(task, "allocates").start();
                        return task::get;
                    }
                });
    }

    /** The pool of a domain, in tasks. */
    void add(String name, TaskPlace tasks) {
        places.put(
                name,
                new Place() {
                    @Override
                    public <T> Callable<T> start(Contestant.Work<T> work) throws Exception {
                        return tasks.start(lent -> work.with(TaskSubject.arenas(lent.memory())))
                                ::await;
                    }
                });
    }

    /**
     * Measures and tells.
     *
     * @param ours whose budgets apply
     * @param zeroingNanos what zeroing costs a pair, which is not part of the budget
     */
    void measure(int runs, String ours, List<Double> zeroingNanos, Consumer<Figure> figures)
            throws Exception {
        Trace[] traces = new Trace[2];
        for (int i = 0; i < traces.length; i++) traces[i] = trace(i);
        Map<String, List<Run>> measured = new LinkedHashMap<>();
        for (int run = -1; run < runs; run++)
            for (String name : places.keySet()) {
                Run one = once(places.get(name), traces);
                if (run >= 0) measured.computeIfAbsent(name, key -> new ArrayList<>()).add(one);
            }
        for (String name : measured.keySet())
            tell(name, measured.get(name), name.equals(ours), zeroingNanos, figures);
    }

    /** The trace of a thread. */
    static Trace trace(int thread) {
        return Trace.of("16 B to 16 KiB", LIVE, PAIRS, 16, 16 << 10, 1, MemorySuite.SEED + thread);
    }

    private static void tell(
            String name,
            List<Run> runs,
            boolean ours,
            List<Double> zeroingNanos,
            Consumer<Figure> figures) {
        String what = name + ", 16 B to 16 KiB, 20 000 live a thread, ";
        List<Double> one = runs.stream().map(Run::oneCpu).toList();
        List<Double> two = runs.stream().map(Run::twoCpu).toList();
        figures.accept(Figure.told(what + "processor time per pair, 1 thread", "ns", "", one));
        figures.accept(Figure.told(what + "processor time per pair, 2 threads", "ns", "", two));
        if (ours) {
            double zeroing = Figure.median(zeroingNanos.stream().mapToDouble(v -> v).toArray());
            figures.accept(
                    Figure.atMost(
                            what + "processor time per pair but zeroing",
                            "ns",
                            PAIR_BUDGET,
                            "1 thread, zeroing %.0f ns".formatted(zeroing),
                            one.stream().map(cost -> cost - zeroing).toList()));
        }
        figures.accept(
                Figure.atLeast(
                        what + "throughput, 2 threads : 1",
                        "x",
                        ours ? SPEED_UP_BUDGET : Double.NaN,
                        "",
                        runs.stream().map(Run::speedUp).toList()));
    }

    private static Run once(Place place, Trace[] traces) throws Exception {
        Replay.Cost alone = place.start(subject -> Replay.cost(subject, traces[0])).call();
        CyclicBarrier together = new CyclicBarrier(traces.length);
        List<Callable<Replay.Cost>> started = new ArrayList<>();
        for (Trace trace : traces)
            started.add(place.start(subject -> Replay.cost(subject, trace, () -> meet(together))));
        double cpu = 0;
        double slowest = 0;
        for (Callable<Replay.Cost> one : started) {
            Replay.Cost cost = one.call();
            cpu += cost.cpuNanos() / traces.length;
            slowest = Math.max(slowest, cost.wallNanos());
        }
        return new Run(alone.cpuNanos(), cpu, traces.length * alone.wallNanos() / slowest);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other thread did not come", e);
        }
    }
}
