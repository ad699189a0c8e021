// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeMetrics;

/** Many small tasks from several threads: each runs exactly once, and the counters agree. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class VolatileTasksIT {

    private static final int PRODUCERS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Service BundleContext context;
    @Service Domains domains;

    @ParameterizedTest
    @CsvSource({
        "PRIORITY, 100000",
        "EDF, 20000",
        "FIFO, 20000",
        "ROUND_ROBIN, 20000",
        "SHORTEST_JOB_FIRST, 20000",
        "RATE_MONOTONIC, 5000",
        "DEADLINE_MONOTONIC, 5000",
        "LEAST_LAXITY, 5000",
        "FAIR_SHARE, 5000",
        "MLFQ, 5000",
        "LOTTERY, 5000",
        "STRIDE, 5000",
        "CONSTANT_BANDWIDTH, 5000"
    })
    void everyTaskRunsExactlyOnceAndTheMetricsAddUp(String policy, int tasks) throws Exception {
        String id = "volatile-" + policy.toLowerCase(java.util.Locale.ROOT);
        try (CountingHandler handler = CountingHandler.register(context, "counting", tasks, 0);
                DomainProbe domain = DomainProbe.create(domains, id, policy, "TLSF")) {
            ConcurrentLinkedQueue<Throwable> problems = produce(handler, domain.domain(), tasks);
            assertThat(problems).isEmpty();

            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            RuntimeMetrics metrics = domain.awaitEnded(tasks);
            assertThat(metrics.tasksCompleted()).isEqualTo(tasks);
            assertThat(metrics.tasksFailed()).isZero();
            // One that was seen to wait left its slot, and took one again without a preemption.
            assertThat(metrics.contextSwitches())
                    .isGreaterThanOrEqualTo(tasks + metrics.preemptions());
            // A task whose slice ran out, because the machine stood still, say, gets ready once
            // more.
            assertThat(metrics.schedulingLatency().count()).isEqualTo(metrics.contextSwitches());
            assertThat(metrics.turnaround().count()).isEqualTo(tasks);
            assertThat(metrics.ejections()).isZero();
        }
    }

    private static ConcurrentLinkedQueue<Throwable> produce(
            CountingHandler handler, Domain domain, int tasks) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> problems = new ConcurrentLinkedQueue<>();
        List<Thread> producers = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int first = producer;
            producers.add(
                    Thread.ofPlatform()
                            .name("producer-" + producer)
                            .start(() -> {
                                for (int n = first; n < tasks; n += PRODUCERS) {
                                    try {
                                        domain.schedule(handler.request(n))
                                                .toCompletableFuture()
                                                .join();
                                    } catch (CompletionException e) {
                                        problems.add(e);
                                    }
                                }
                            }));
        }
        for (Thread producer : producers) {
            producer.join(LIMIT);
        }
        return problems;
    }
}
