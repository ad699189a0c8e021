// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * How long allocation stands still while the strategy of a pool is replaced: the longest time that
 * a task, which allocates and releases all the time, waits for one block. The same without a change
 * is told beside it, because the machine stands still now and then, too.
 */
final class StrategySwap {
    private static final int LIVE = 1_000;
    private static final int BYTES = 1_000;
    private static final int SWAPS = 3;
    private static final long WATCHED_NANOS = 20_000_000;
    private static final double BUDGET_MICROS = 100;

    private final AtomicBoolean end = new AtomicBoolean();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();

    private StrategySwap() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        try (TaskPlace place =
                new TaskPlace(lab, Map.of("memory", Map.of("poolSize", 256L << 20)))) {
            new StrategySwap().of(place, lab.runs(), figures);
        }
    }

    private void of(TaskPlace place, int runs, Consumer<Figure> figures) throws Exception {
        TaskPlace.Started<Long> task = place.start(this::allocate);
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        try {
            while (rounds.get() < 100_000) LockSupport.parkNanos(1_000_000);
            swap(place, "BUDDY");
            swap(place, "TLSF");
            for (int i = 0; i < runs * SWAPS; i++) {
                with.add(pause(place, i % 2 == 0 ? "BUDDY" : "TLSF"));
                without.add(pause(place, ""));
            }
        } finally {
            end.set(true);
            task.await();
        }
        String note = "a task that allocates";
        figures.accept(
                Figure.atMost(
                        "change of strategy, longest allocation", "us", BUDGET_MICROS, note, with));
        figures.accept(Figure.told("no change, longest allocation", "us", note, without));
    }

    private double pause(TaskPlace place, String strategy) throws InterruptedException {
        longest.set(0);
        long until = System.nanoTime() + WATCHED_NANOS;
        if (!strategy.isEmpty()) swap(place, strategy);
        while (System.nanoTime() - until < 0) LockSupport.parkNanos(1_000_000);
        return longest.get() / 1e3;
    }

    private static void swap(TaskPlace place, String strategy) throws InterruptedException {
        Lab.await(
                place.domain()
                        .configure(
                                new ConfigPatch(
                                        Map.of("memory", Map.of("allocationType", strategy))),
                                null)
                        .toCompletableFuture());
    }

    private long allocate(TaskPlace.Lent lent) {
        Deque<Arena> held = new ArrayDeque<>();
        while (!end.get()) {
            if (held.size() == LIVE) held.remove().close();
            long begin = System.nanoTime();
            Arena arena = lent.memory().openArena();
            arena.allocate(BYTES, 16);
            long nanos = System.nanoTime() - begin;
            if (nanos > longest.get()) longest.set(nanos);
            held.add(arena);
            rounds.incrementAndGet();
        }
        held.forEach(Arena::close);
        return rounds.get();
    }
}
