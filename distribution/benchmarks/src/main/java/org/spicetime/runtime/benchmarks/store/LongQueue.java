// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.store;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * A queue that is longer than the memory of a host should be: one host fills it, paused, and
 * another one on the same data starts with it and works on it. How many tasks is told by the
 * environment.
 */
public final class LongQueue {
    private static final DomainId ID = DomainId.of("queued");
    private static final int BATCH = 1000;
    private static final long PATIENCE_SECONDS = 60;
    private static final double DRAIN_SECONDS = 5;

    private LongQueue() {}

    private static int tasks() {
        return Integer.parseInt(System.getenv().getOrDefault("BENCHMARK_TASKS", "1000000"));
    }

    /** Fills the queue of a paused domain. */
    public static void fill(Lab lab, Consumer<Figure> figures) throws Exception {
        lab.installWork();
        ConfigPatch config =
                new ConfigPatch(
                        Map.of(
                                "scheduler",
                                Map.of("policy", "FIFO"),
                                "executor",
                                Map.of("parallelism", 2, "queueCapacity", 0)));
        Domain domain =
                Lab.await(
                        lab.domains()
                                .create(new DomainSpec(ID, null, null, Map.of(), config, true))
                                .toCompletableFuture());
        Lab.await(domain.pause().toCompletableFuture());
        List<TaskRequest> batch = Collections.nCopies(BATCH, DurableDomain.request());
        long begin = System.nanoTime();
        for (int left = tasks(); left > 0; left -= BATCH)
            domain.scheduleAll(batch.subList(0, Math.min(left, BATCH)))
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        figures.accept(
                Figure.told(
                        "durable tasks stored, in batches of " + BATCH,
                        "per s",
                        tasks() + " tasks",
                        List.of(tasks() * 1e9 / (System.nanoTime() - begin))));
    }

    /** Works on the queue that was there at the start. */
    public static void drain(Lab lab, Consumer<Figure> figures) throws Exception {
        lab.installWork();
        Domain domain = lab.domains().find(ID).orElseThrow();
        int pending = domain.metrics().tasksPending();
        if (pending != tasks())
            throw new IllegalStateException(pending + " of " + tasks() + " tasks came back");
        System.gc();
        figures.accept(
                Figure.told(
                        "heap used with the queue, after a collection",
                        "MB",
                        "",
                        List.of(
                                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                                        / 1e6)));
        long begin = System.nanoTime();
        Lab.await(domain.resume().toCompletableFuture());
        while (domain.metrics().contextSwitches() == 0) LockSupport.parkNanos(50_000);
        figures.accept(
                Figure.told(
                        "from resuming the domain to the first dispatch",
                        "ms",
                        "",
                        List.of((System.nanoTime() - begin) / 1e6)));
        long done = domain.metrics().tasksCompleted();
        long from = System.nanoTime();
        LockSupport.parkNanos((long) (DRAIN_SECONDS * 1e9));
        figures.accept(
                Figure.told(
                        "tasks of the queue completed",
                        "per s",
                        "",
                        List.of(
                                (domain.metrics().tasksCompleted() - done)
                                        * 1e9
                                        / (System.nanoTime() - from))));
    }
}
