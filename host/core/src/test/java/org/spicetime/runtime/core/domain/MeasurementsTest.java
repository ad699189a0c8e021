// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.task.Task;

final class MeasurementsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aSampleTellsWhatHoldsNowAndWhatTheLastStepDid() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("measured");
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        context.arena().allocate(1 << 20);
                        held.countDown();
                        go.await();
                        return null;
                    });
            Task task = TestHost.get(domain.schedule(TestHost.task("hold").build()));
            TestHost.until(() -> held.getCount() == 0);
            MetricsSample sample = domain.sample();
            assertThat(sample.domain()).isEqualTo(domain.id());
            assertThat(sample.running()).isEqualTo(1);
            assertThat(sample.queueDepth()).isZero();
            assertThat(sample.memoryUsedBytes()).isEqualTo(1 << 20);
            assertThat(sample.memoryStall().orElse(0)).as("nothing waits for memory").isZero();
            TestHost.until(() -> domain.sample().tasksPerSecond().isPresent());
            go.countDown();
            TestHost.ended(domain, task.id());
            TestHost.until(() -> history(domain).stream().anyMatch(MeasurementsTest::finishedOne));
        }
    }

    private static boolean finishedOne(MetricsSample sample) {
        return sample.tasksPerSecond().orElse(0) > 0;
    }

    @Test
    void theHistoryGrowsWhileTheDomainIsStartedAndCountsEachEventOnce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("measured");
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tasks.add(TestHost.get(domain.schedule(TestHost.task("nothing").build())));
            }
            tasks.forEach(task -> TestHost.ended(domain, task.id()));
            TestHost.until(() ->
                    history(domain).stream()
                            .anyMatch(point -> point.schedulingLatencyP99().isPresent()));
            for (MetricsSample point : history(domain)) {
                assertThat(point.deadlineMisses().orElse(0)).isZero();
                OptionalDouble median = point.schedulingLatencyP50();
                if (median.isPresent()) {
                    assertThat(point.schedulingLatencyP999().orElseThrow())
                            .isGreaterThanOrEqualTo(median.getAsDouble());
                }
            }
            TestHost.get(domain.stop(false));
            int stopped = fine(domain);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            assertThat(fine(domain)).as("a stopped domain is not measured").isLessThan(stopped + 2);
            assertThat(domain.sample().tasksPerSecond()).isEmpty();
        }
    }

    @Test
    void theHostCountsTheMemoryOfAllPools() {
        try (TestHost host = new TestHost()) {
            host.domain("one");
            Domain two = host.domain("two");
            TestHost.until(() -> host.domains.hostMetrics().poolsReservedBytes() == 8 << 20);
            TestHost.get(two.stop(false));
            TestHost.until(() -> host.domains.hostMetrics().poolsReservedBytes() == 4 << 20);
            assertThat(host.domains.hostFacts().host()).isEqualTo(host.domains.host());
        }
    }

    private static int fine(Domain domain) {
        return history(domain).size();
    }

    private static List<MetricsSample> history(Domain domain) {
        Instant now = Instant.now();
        return domain.samples(now.minusSeconds(1000), now.plusSeconds(1), SECOND);
    }
}
