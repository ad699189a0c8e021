// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Figure;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * Ten thousand tasks that hold a million blocks together are cancelled: how long until the pools
 * are as empty as before. Each task has a thread of its own, and a domain starts at most 4096 at a
 * time, so they are in three domains. The work bundle must be there.
 */
final class KilledTasks {
    private static final int DOMAINS = 3;
    private static final int TASKS = 10_000;
    private static final int BLOCKS = 100;
    private static final int BYTES = 64;
    private static final double BUDGET_MILLIS = 250;
    private static final long LOOK_NANOS = 500_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private KilledTasks() {}

    static void measure(Lab lab, Consumer<Figure> figures) throws Exception {
        List<Domain> domains = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (int i = 0; i < DOMAINS; i++) domains.add(lab.domain(config()));
            List<TaskId> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Domain domain = domains.get(i % DOMAINS);
                tasks.add(Lab.await(domain.schedule(holding()).toCompletableFuture()).id());
            }
            long held = (long) TASKS * BLOCKS * BYTES;
            until("hold their blocks", domains, used -> used >= held);
            figures.accept(
                    Figure.told(
                            "10 000 tasks take a million blocks",
                            "s",
                            "",
                            List.of((System.nanoTime() - start) / 1e9)));
            long begin = System.nanoTime();
            List<Future<?>> cancelled = new ArrayList<>();
            for (int i = 0; i < TASKS; i++)
                cancelled.add(
                        domains.get(i % DOMAINS).cancel(tasks.get(i), null).toCompletableFuture());
            until("have given their blocks back", domains, used -> used == 0);
            double millis = (System.nanoTime() - begin) / 1e6;
            for (Future<?> one : cancelled) Lab.await(one);
            figures.accept(
                    Figure.atMost(
                            "10 000 tasks with a million blocks cancelled, until nothing is used",
                            "ms",
                            BUDGET_MILLIS,
                            "in %d domains".formatted(DOMAINS),
                            List.of(millis)));
        } finally {
            for (Domain domain : domains) lab.delete(domain);
        }
    }

    private static ConfigPatch config() {
        return new ConfigPatch(
                Map.of(
                        "scheduler",
                        Map.of("maxStarted", 4096),
                        "memory",
                        Map.of("poolSize", 256 << 20)));
    }

    private static TaskRequest holding() {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler("benchmark.hold")
                .payload(Payload.json("{\"blocks\":%d,\"bytes\":%d}".formatted(BLOCKS, BYTES)))
                .build();
    }

    private static void until(String what, List<Domain> domains, LongPredicate wanted) {
        long begin = System.nanoTime();
        long used = used(domains);
        while (!wanted.test(used)) {
            if (System.nanoTime() - begin > PATIENCE_NANOS)
                throw new IllegalStateException(
                        "not all tasks %s: %d bytes are used".formatted(what, used));
            LockSupport.parkNanos(LOOK_NANOS);
            used = used(domains);
        }
    }

    private static long used(List<Domain> domains) {
        return domains.stream().mapToLong(domain -> domain.resources().memory().used()).sum();
    }
}
