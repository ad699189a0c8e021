// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.TaskCancelledException;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Tasks with checkpoints under short slices, while clients cancel, change priorities and swap
 * policies: a ledger of the works tells whether each ran once, and never more at a time than slots.
 */
@Timeout(120)
final class TimeSharingTest {
    private static final int TASKS = Boolean.getBoolean("test.long") ? 20_000 : 1_500;
    private static final int SLOTS = 3;

    @Test
    void nothingIsLostAndNothingRunsTwiceWhateverHappensBetweenTheSlices(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("shared", config(SLOTS, 200));
            Map<TaskId, AtomicInteger> begun = new ConcurrentHashMap<>();
            Map<TaskId, AtomicInteger> completed = new ConcurrentHashMap<>();
            Set<TaskId> holding = ConcurrentHashMap.newKeySet();
            host.work(
                    "share",
                    context -> {
                        begun.computeIfAbsent(context.task(), id -> new AtomicInteger())
                                .incrementAndGet();
                        work(context, holding);
                        completed
                                .computeIfAbsent(context.task(), id -> new AtomicInteger())
                                .incrementAndGet();
                        return null;
                    });
            List<TaskId> ids = new ArrayList<>();
            Set<TaskId> cancelled = new HashSet<>();
            for (int i = 0; i < TASKS; i++) {
                ids.add(
                        TestHost.get(
                                        domain.schedule(
                                                TestHost.task("share")
                                                        .priority(random.nextInt(101))
                                                        .build()))
                                .id());
                disturb(domain, random, ids, cancelled);
            }
            long preemptions = 0;
            for (TaskId id : ids) {
                Task task = TestHost.ended(domain, id);
                preemptions += task.metrics().preemptions();
                int begins = begun.getOrDefault(id, new AtomicInteger()).get();
                int ends = completed.getOrDefault(id, new AtomicInteger()).get();
                String where = "seed " + seed + ", task " + task;
                if (task.phase() == TaskPhase.COMPLETED) {
                    assertThat(ends).as(where).isEqualTo(1);
                } else {
                    assertThat(task.phase()).as(where).isEqualTo(TaskPhase.CANCELLED);
                    assertThat(cancelled).as(where).contains(id);
                }
                assertThat(begins).as(where).isLessThanOrEqualTo(task.attempt());
            }
            assertThat(holding).isEmpty();
            assertThat(preemptions).as("turns taken").isPositive();
            assertThat(domain.metrics().tasksRunning()).isZero();
            assertThat(domain.resources().memory().used()).isZero();
            assertThat(domain.state().policyEjection()).isNull();
        }
    }

    private static void work(TaskContext context, Set<TaskId> holding) {
        context.arena().allocate(256);
        holding.add(context.task());
        try {
            long sum = 0;
            for (int round = 0; round < 60; round++) {
                for (int i = 0; i < 4_000; i++) sum += sum * 31 + i;
                context.checkpoint();
            }
            assertThat(sum).isNotEqualTo(1);
        } catch (TaskCancelledException asked) {
            throw asked;
        } finally {
            holding.remove(context.task());
        }
    }

    private static void disturb(
            Domain domain, Random random, List<TaskId> ids, Set<TaskId> cancelled) {
        TaskId any = ids.get(random.nextInt(ids.size()));
        try {
            switch (random.nextInt(60)) {
                case 0, 1, 2 -> {
                    cancelled.add(any);
                    TestHost.get(domain.cancel(any, "by chance"));
                }
                case 3, 4, 5, 6 -> TestHost.get(domain.changePriority(any, random.nextInt(101)));
                case 7 ->
                        TestHost.get(
                                domain.configure(
                                        TestHost.patch(
                                                "scheduler",
                                                Map.of(
                                                        "policy",
                                                        random.nextBoolean() ? "FIFO" : "PRIORITY",
                                                        "quantumMicros",
                                                        100 + random.nextInt(3) * 100)),
                                        null));
                case 8 -> {
                    TestHost.get(domain.pause());
                    TestHost.get(domain.resume());
                }
                case 9 ->
                        TestHost.get(
                                domain.configure(
                                        TestHost.patch(
                                                "executor",
                                                Map.of("parallelism", 1 + random.nextInt(SLOTS))),
                                        null));
                case 10 -> {
                    TestHost.get(domain.stop(false));
                    TestHost.get(domain.start());
                }
                default -> {}
            }
        } catch (RefusedException ended) {
            assertThat(ended).hasMessageContaining("ended");
        }
    }

    private static Map<String, Object> config(int slots, int quantumMicros) {
        return Map.of(
                "executor",
                Map.of("parallelism", slots),
                "scheduler",
                Map.of(
                        "quantumMicros",
                        quantumMicros,
                        "maxStarted",
                        12,
                        "preemption",
                        Map.of("enabled", true)));
    }
}
