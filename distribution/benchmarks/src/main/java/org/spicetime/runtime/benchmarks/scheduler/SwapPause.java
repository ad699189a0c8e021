// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * How long dispatch stands still while the policy is replaced: the longest time between the end of
 * a task and the start of the next one on the only worker, with a queue that is kept full. The same
 * without a change is told beside it, because the machine stands still now and then, too.
 */
final class SwapPause {
    private static final int[] QUEUED = {100, 10_000, 100_000};
    private static final long TASK_NANOS = 20_000;
    private static final long WATCHED_NANOS = 30_000_000;
    private static final int SWAPS = 3;

    private final DomainTarget target;
    private final Domain domain;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private long lastEnd;

    private SwapPause(DomainTarget target) {
        this.target = target;
        this.domain = target.domain();
    }

    static void measure(Lab lab, Consumer<Figure> figures) throws InterruptedException {
        for (int count : QUEUED) {
            try (DomainTarget target = new DomainTarget(lab, "PRIORITY", 1)) {
                new SwapPause(target).of(count, lab.runs(), figures);
            }
        }
    }

    private void of(int count, int runs, Consumer<Figure> figures) throws InterruptedException {
        AtomicBoolean end = new AtomicBoolean();
        Thread producer = new Thread(() -> keepFull(count, end), "producer");
        producer.start();
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        try {
            while (queued.get() < count) LockSupport.parkNanos(100_000);
            swap("EDF");
            swap("PRIORITY");
            for (int i = 0; i < runs * SWAPS; i++) {
                with.add(pause(i % 2 == 0 ? "EDF" : "PRIORITY"));
                without.add(pause(null));
            }
        } finally {
            end.set(true);
            producer.join();
        }
        String note = count + " queued";
        figures.accept(Figure.atMost("change of policy, longest pause", "us", 1000, note, with));
        figures.accept(Figure.told("no change, longest pause", "us", note, without));
    }

    private double pause(@org.jspecify.annotations.Nullable String policy)
            throws InterruptedException {
        longest.set(0);
        if (policy != null) swap(policy);
        long end = System.nanoTime() + WATCHED_NANOS;
        while (System.nanoTime() - end < 0) LockSupport.parkNanos(1_000_000);
        return longest.get() / 1e3;
    }

    private void swap(String policy) throws InterruptedException {
        Lab.await(
                domain.configure(
                                new ConfigPatch(Map.of("scheduler", Map.of("policy", policy))),
                                null)
                        .toCompletableFuture());
    }

    private void keepFull(int count, AtomicBoolean end) {
        int level = 0;
        while (!end.get()) {
            while (queued.get() < count) {
                queued.incrementAndGet();
                target.submit(this::task, level);
                level = level + 7 & Target.LEVELS - 1;
            }
            LockSupport.parkNanos(50_000);
        }
    }

    /* On the only worker. */
    private void task() {
        long start = System.nanoTime();
        if (lastEnd != 0) longest.accumulateAndGet(start - lastEnd, Math::max);
        queued.decrementAndGet();
        while (System.nanoTime() - start < TASK_NANOS) Thread.onSpinWait();
        lastEnd = System.nanoTime();
    }
}
