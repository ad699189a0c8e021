// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.Suite;

/** The budgets of domain memory, one after the other. */
public final class MemorySuite implements Suite {
    private static final String OURS = "TLSF";
    private static final long SEED = 20_250_922;
    private static final long POOL_BYTES = 2_662L << 20;
    private static final long LARGE_POOL_BYTES = 20L << 30;
    private static final int LIVE = 100_000;
    private static final int PAIRS = 400_000;
    private static final int REPLAYS = 5;

    /** Stateless. */
    public MemorySuite() {}

    @Override
    public void run(Lab lab, Consumer<Figure> figures) throws Exception {
        List<AllocationStrategyFactory> strategies =
                lab.services(AllocationStrategyFactory.class).stream()
                        .sorted(Comparator.comparing(strategy -> rank(strategy)))
                        .toList();
        List<Contestant> contestants = new ArrayList<>();
        for (AllocationStrategyFactory strategy : strategies)
            contestants.add(Contestant.of(new StrategySubject(strategy, POOL_BYTES)));
        contestants.addAll(peers());
        Trace published = Trace.of("16 B to 64 KiB", LIVE, PAIRS, 16, 64 << 10, 1, SEED);
        cost(contestants, published, lab.runs(), figures);
        for (Contestant contestant : contestants)
            Latency.measure(
                    contestant, published, REPLAYS, contestant.name().equals(OURS), figures);
        million(strategies, figures);
        pools(strategies, published, figures);
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

    private static void cost(
            List<Contestant> contestants, Trace trace, int runs, Consumer<Figure> figures)
            throws Exception {
        PairCost cost = PairCost.measure(contestants, trace, runs, figures);
        cost.tell(figures);
        cost.tellBudgets(OURS, figures);
        figures.accept(
                Figure.atMost(
                        OURS + ", " + trace.name() + ", heap per pair",
                        "B",
                        0,
                        "",
                        cost.samples(OURS, Replay.Cost::heapBytes)));
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
