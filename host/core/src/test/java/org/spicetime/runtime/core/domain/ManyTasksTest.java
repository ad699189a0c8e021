// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.task.TaskRequest;

@Timeout(120)
class ManyTasksTest {

    private static final int TASKS = 100_000;
    private static final int PRODUCERS = 4;
    private static final int BATCH = 50;

    @Test
    void aHundredThousandTasksRunExactlyOnceAndTheMetricsAddUp() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Set<TaskId> ran = ConcurrentHashMap.newKeySet();
            AtomicInteger twice = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(TASKS);
            host.work(
                    "count",
                    context -> {
                        if (!ran.add(context.task())) {
                            twice.incrementAndGet();
                        }
                        done.countDown();
                        return null;
                    });
            Domain domain = host.domain("many", Map.of());
            TaskRequest request = TestHost.task("count").build();
            List<TaskRequest> batch = java.util.Collections.nCopies(BATCH, request);
            long start = System.nanoTime();
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                boolean single = p % 2 == 0;
                producers.add(
                        Thread.ofPlatform().start(() -> produce(domain, request, batch, single)));
            }
            for (Thread producer : producers) {
                producer.join();
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            TestHost.until(() -> domain.metrics().tasksCompleted() == TASKS);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%d tasks in %.2f s: %.0f per second%n", TASKS, seconds, TASKS / seconds);

            assertThat(ran).hasSize(TASKS);
            assertThat(twice).hasValue(0);
            RuntimeMetrics metrics = domain.metrics();
            assertThat(metrics.tasksScheduled()).isEqualTo(TASKS);
            // A task whose slot is taken back while its thread waits comes to one again.
            assertThat(metrics.contextSwitches())
                    .isGreaterThanOrEqualTo(TASKS + metrics.preemptions());
            assertThat(metrics.tasksFailed()).isZero();
            assertThat(metrics.tasksPending() + metrics.tasksRunning() + metrics.tasksBlocked())
                    .isZero();
            assertThat(metrics.schedulingLatency().count()).isEqualTo(metrics.contextSwitches());
            assertThat(metrics.turnaround().count()).isEqualTo(TASKS);
            assertThat(metrics.throughputPerSecond()).isPositive();
        }
    }

    private static void produce(
            Domain domain, TaskRequest request, List<TaskRequest> batch, boolean single) {
        if (single) {
            for (int i = 0; i < TASKS / PRODUCERS; i++) {
                TestHost.get(domain.schedule(request));
            }
        } else {
            for (int i = 0; i < TASKS / PRODUCERS / BATCH; i++) {
                TestHost.get(domain.scheduleAll(batch));
            }
        }
    }
}
