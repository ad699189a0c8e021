// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/** Limits on handlers and concurrency keys, with real workers. */
@Timeout(60)
class LimitsTest {

    private static final Map<String, Object> FOUR = Map.of("parallelism", 4);

    @Test
    void neverMoreOfAKeyRunThanItsLimitSays() {
        try (TestHost host = new TestHost()) {
            Domain domain =
                    host.domain(
                            "keys",
                            Map.of(
                                    "executor",
                                    FOUR,
                                    "tasks",
                                    limits(Map.of("concurrencyKey", "two:*", "maxRunning", 2))));
            Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
            Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
            host.work(
                    "count",
                    context -> {
                        String key =
                                domain.task(context.task())
                                        .orElseThrow()
                                        .request()
                                        .concurrencyKey();
                        AtomicInteger now =
                                running.computeIfAbsent(key, any -> new AtomicInteger());
                        int present = now.incrementAndGet();
                        most.computeIfAbsent(key, any -> new AtomicInteger())
                                .accumulateAndGet(present, Math::max);
                        for (int i = 0; i < 200; i++) context.checkpoint();
                        now.decrementAndGet();
                        return null;
                    });
            List<TaskId> ids = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                String key = i % 3 == 0 ? "one" : "two:" + i % 3;
                ids.add(
                        TestHost.get(
                                        domain.schedule(
                                                TestHost.task("count").concurrencyKey(key).build()))
                                .id());
            }
            for (TaskId id : ids) {
                assertThat(TestHost.ended(domain, id).phase()).isEqualTo(TaskPhase.COMPLETED);
            }
            assertThat(most.get("one")).hasValue(1);
            assertThat(most.get("two:1")).hasValueBetween(1, 2);
            assertThat(most.get("two:2")).hasValueBetween(1, 2);
        }
    }

    @Test
    void whoIsOverItsLimitWaitsAsideAndAnotherLimitHoldsAtOnce() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("aside", Map.of("executor", FOUR));
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch both = new CountDownLatch(2);
            CountDownLatch end = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        both.countDown();
                        first.countDown();
                        end.await();
                        return null;
                    });
            TaskId one = keyed(domain, "hold");
            first.await();
            TaskId two = keyed(domain, "hold");
            TaskId other = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
            assertThat(TestHost.ended(domain, other).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(domain.task(two).orElseThrow().phase())
                    .isEqualTo(TaskPhase.WAITING_RESOURCE);
            assertThat(domain.history(two).orElseThrow().waits())
                    .last()
                    .extracting(TaskWait::reason)
                    .isEqualTo(WaitReason.LIMIT);
            assertThat(both.getCount()).isEqualTo(1);

            configure(domain, Map.of("concurrencyKey", "k", "maxRunning", 2));
            both.await();
            assertThat(domain.state().config().tasks().limits())
                    .containsExactly(new TaskLimit(null, "k", 2, 0, 1));
            end.countDown();
            assertThat(TestHost.ended(domain, one).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(TestHost.ended(domain, two).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    @Test
    void aTaskThatWaitsForItsLimitCanBeCancelledAndAWrongLimitChangesNothing()
            throws InterruptedException {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("wrong", Map.of("executor", FOUR));
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        first.countDown();
                        end.await();
                        return null;
                    });
            TaskId one = keyed(domain, "hold");
            first.await();
            TaskId two = keyed(domain, "hold");
            TestHost.get(domain.cancel(two, "not needed"));
            assertThat(TestHost.ended(domain, two).phase()).isEqualTo(TaskPhase.CANCELLED);
            RefusedException refused =
                    catchThrowableOfType(
                            RefusedException.class,
                            () -> configure(domain, Map.of("maxRunning", -1)));
            assertThat(refused).hasMessageContaining("tasks.limits[0]");
            assertThat(domain.state().config().tasks().limits()).isEmpty();
            end.countDown();
            assertThat(TestHost.ended(domain, one).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    private static TaskId keyed(Domain domain, String work) {
        return TestHost.get(domain.schedule(TestHost.task(work).concurrencyKey("k").build())).id();
    }

    private static Map<String, Object> limits(Map<String, ?> limit) {
        return Map.of("limits", List.of(limit));
    }

    private static void configure(Domain domain, Map<String, ?> limit) {
        TestHost.get(domain.configure(new ConfigPatch(Map.of("tasks", limits(limit))), null));
    }
}
