// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.Suite;

/** The budgets of domain memory, one after the other. */
public final class MemorySuite implements Suite {
    private static final Logger LOG = LoggerFactory.getLogger(MemorySuite.class);
    private static final String OURS = "TLSF";
    private static final String DOMAIN_ARENA = "domain, arena";
    private static final String DOMAIN_LEASE = "domain, lease";

    /** Of all traces. */
    static final long SEED = 20_250_922;

    private static final long POOL_BYTES = 2_662L << 20;
    private static final long LARGE_POOL_BYTES = 10 * POOL_BYTES;
    private static final int LIVE = 100_000;
    private static final int PAIRS = 400_000;
    private static final int REPLAYS = 5;

    /** Stateless. */
    public MemorySuite() {}

    @Override
    public void run(Lab lab, Consumer<Figure> figures) throws Exception {
        lab.installWork();
        List<AllocationStrategyFactory> strategies =
                lab.services(AllocationStrategyFactory.class).stream()
                        .sorted(Comparator.comparing(strategy -> rank(strategy)))
                        .toList();
        AllocationStrategyFactory ours = strategies.getFirst();
        Trace published = Trace.of("16 B to 64 KiB", LIVE, PAIRS, 16, 64 << 10, 1, SEED);
        List<Contestant> contestants = new ArrayList<>();
        for (AllocationStrategyFactory strategy : strategies)
            contestants.add(Contestant.of(new StrategySubject(strategy, POOL_BYTES)));
        contestants.addAll(peers());
        try (TaskPlace place = new TaskPlace(lab, pool(POOL_BYTES));
                ZeroedStrategy zeroed =
                        new ZeroedStrategy(ours, published.peakBytes() * 5 / 4 & -4096)) {
            contestants.add(Contestant.of(zeroed));
            contestants.add(inTasks(place, DOMAIN_ARENA, TaskSubject::arenas));
            contestants.add(inTasks(place, DOMAIN_LEASE, TaskSubject::leases));
            PairCost cost = cost(contestants, published, lab.runs(), figures);
            for (Contestant contestant : contestants)
                if (cost.has(contestant.name()))
                    Latency.measure(
                            contestant,
                            published,
                            REPLAYS,
                            contestant.name().equals(OURS),
                            figures);
        }
        part("a million live", figures, () -> million(strategies, figures));
        part("smallest pool", figures, () -> pools(strategies, published, figures));
        part("two threads", figures, () -> threads(lab, ours, figures));
        part("checkerboard", figures, () -> Checkerboard.measure(lab, figures));
        part("change of strategy", figures, () -> StrategySwap.measure(lab, figures));
        part("four times the pool", figures, () -> SwappedSet.measure(lab, figures));
        part("killed tasks", figures, () -> KilledTasks.measure(lab, figures));
        figures.accept(
                Figure.told(
                        "load average at the end",
                        "",
                        "",
                        List.of(
                                ManagementFactory.getOperatingSystemMXBean()
                                        .getSystemLoadAverage())));
    }

    @FunctionalInterface
    private interface Part {
        void measure() throws Exception;
    }

    /** One that fails is a figure that falls short; the others are measured all the same. */
    private static void part(String name, Consumer<Figure> figures, Part part)
            throws InterruptedException {
        try {
            part.measure();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception failed) {
            LOG.warn("{} could not be measured", name, failed);
            figures.accept(
                    Figure.atMost(
                            name,
                            "",
                            0,
                            "not measured: " + failed.getMessage(),
                            List.of(Double.NaN)));
        }
    }

    private static Map<String, Object> pool(long bytes) {
        return Map.of("memory", Map.of("poolSize", bytes, "allocationType", OURS));
    }

    private static Contestant inTasks(
            TaskPlace place, String name, Function<TaskMemory, Subject> subject) {
        return new Contestant() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean madeAnew() {
                return false;
            }

            @Override
            public <T> T run(Work<T> work) throws Exception {
                return place.run(lent -> work.with(subject.apply(lent.memory())));
            }
        };
    }

    private static void threads(Lab lab, AllocationStrategyFactory ours, Consumer<Figure> figures)
            throws Exception {
        TwoThreads threads = new TwoThreads();
        Supplier<Subject> netty = NettySubject.sharedPooled();
        threads.add("Netty pooled", netty);
        threads.add("malloc", NativeSubject::malloc);
        if (NativeSubject.mimalloc().isPresent())
            threads.add("mimalloc", () -> NativeSubject.mimalloc().orElseThrow());
        Trace trace = TwoThreads.trace(0);
        PairCost zeroing;
        try (ZeroedStrategy zeroed = new ZeroedStrategy(ours, trace.peakBytes() * 5 / 4 & -4096)) {
            zeroing =
                    PairCost.measure(
                            List.of(
                                    Contestant.of(zeroed),
                                    Contestant.of(new StrategySubject(ours, POOL_BYTES))),
                            trace,
                            lab.runs(),
                            figures);
        }
        try (TaskPlace place = new TaskPlace(lab, pool(256L << 20))) {
            threads.add(DOMAIN_ARENA, place);
            threads.measure(
                    lab.runs(),
                    DOMAIN_ARENA,
                    zeroing.difference(OURS + ZeroedStrategy.SUFFIX, OURS),
                    figures);
        }
    }

    private static String rank(AllocationStrategyFactory strategy) {
        String name = strategy.descriptor().name();
        return (name.equals(OURS) ? "0" : "1") + name;
    }

    private static List<Contestant> peers() {
        List<Subject> peers = new ArrayList<>();
        peers.add(NettySubject.pooled());
        peers.add(NettySubject.adaptive());
        peers.add(new ConfinedArenas());
        peers.add(NativeSubject.malloc());
        Optional<Subject> mimalloc = NativeSubject.mimalloc();
        mimalloc.ifPresent(peers::add);
        return peers.stream().map(Contestant::of).toList();
    }

    private static PairCost cost(
            List<Contestant> contestants, Trace trace, int runs, Consumer<Figure> figures)
            throws Exception {
        PairCost cost = PairCost.measure(contestants, trace, runs, figures);
        cost.tell(figures);
        cost.tellBudgets(OURS, List.of(), figures);
        List<Double> zeroing = cost.difference(OURS + ZeroedStrategy.SUFFIX, OURS);
        figures.accept(
                Figure.told(
                        "zeroing, " + trace.name() + ", processor time per pair",
                        "ns",
                        "",
                        zeroing));
        cost.tellBudgets(DOMAIN_ARENA, zeroing, figures);
        cost.tellBudgets(DOMAIN_LEASE, zeroing, figures);
        figures.accept(
                Figure.atMost(
                        OURS + ", " + trace.name() + ", heap per pair, last quarter",
                        "B",
                        0,
                        "",
                        cost.samples(OURS, Replay.Cost::heapBytes)));
        return cost;
    }

    private static void million(
            List<AllocationStrategyFactory> strategies, Consumer<Figure> figures) throws Exception {
        Trace trace = Trace.of("a million live", 10 * LIVE, 2 * PAIRS, 16, 64 << 10, 1, SEED);
        for (AllocationStrategyFactory strategy : strategies)
            if (strategy.descriptor().boundedTime()
                    && strategy.descriptor().maxPoolBytes() >= LARGE_POOL_BYTES)
                Latency.measure(
                        Contestant.of(new StrategySubject(strategy, LARGE_POOL_BYTES)),
                        trace,
                        REPLAYS,
                        strategy.descriptor().name().equals(OURS),
                        figures);
    }

    private static void pools(
            List<AllocationStrategyFactory> strategies, Trace published, Consumer<Figure> figures) {
        List<Trace> traces =
                List.of(
                        published,
                        Trace.of("sizes times 4 midway", LIVE, PAIRS, 16, 64 << 10, 4, SEED),
                        Trace.of("16 B to 1 KiB", LIVE, PAIRS, 16, 1 << 10, 1, SEED));
        for (Trace trace : traces)
            for (AllocationStrategyFactory strategy : strategies)
                PoolNeed.measure(
                        strategy, trace, strategy.descriptor().name().equals(OURS), figures);
    }
}
