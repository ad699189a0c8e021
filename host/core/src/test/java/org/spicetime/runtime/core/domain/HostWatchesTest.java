// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;

@Timeout(60)
class HostWatchesTest {

    @Test
    void aWatcherLearnsOfTheDeletionOfItsDomain() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("short-lived");
            CountDownLatch deleted = new CountDownLatch(1);
            Queue<DomainState> states = new ConcurrentLinkedQueue<>();
            Watch watch =
                    domain.watch(
                            new DomainListener() {
                                @Override
                                public void changed(DomainState state) {
                                    states.add(state);
                                }

                                @Override
                                public void deleted() {
                                    deleted.countDown();
                                }
                            });
            TestHost.get(host.domains.delete(domain.id(), true));
            deleted.await();
            assertThat(states).isNotEmpty();
            watch.close();
        }
    }

    @Test
    void whoWatchesTheHostSeesDomainsComeAndGo() throws Exception {
        try (TestHost host = new TestHost()) {
            host.domain("first");
            Queue<String> seen = new ConcurrentLinkedQueue<>();
            CountDownLatch gone = new CountDownLatch(1);
            Watch watch =
                    host.domains.watch(
                            new DomainsListener() {
                                @Override
                                public void created(Domain domain) {
                                    seen.add("+" + domain.id());
                                }

                                @Override
                                public void deleted(DomainId id) {
                                    seen.add("-" + id);
                                    gone.countDown();
                                }
                            });
            host.domain("second");
            TestHost.get(host.domains.delete(DomainId.of("first"), true));
            gone.await();
            assertThat(seen).containsExactly("+first", "+second", "-first");
            watch.close();
        }
    }

    @Test
    void failuresOfADomainAndOfTheHostAreToldAsTheyHappen() throws Exception {
        try (TestHost host = new TestHost()) {
            host.work(
                    "fails",
                    context -> {
                        throw new IllegalStateException("planned");
                    });
            Domain domain = host.domain("failing");
            Queue<RuntimeError> own = new ConcurrentLinkedQueue<>();
            CountDownLatch all = new CountDownLatch(2);
            Watch one =
                    domain.watchErrors(error -> {
                        own.add(error);
                        all.countDown();
                    });
            Watch every = host.domains.watchErrors(error -> all.countDown());
            Task task = TestHost.get(domain.schedule(TestHost.task("fails").build()));
            all.await();
            assertThat(own).hasSize(1);
            assertThat(own.peek().task()).isEqualTo(task.id());
            one.close();
            every.close();
        }
    }

    @Test
    void healthIsToldAtOnceAndWhenAComponentChanges() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("healthy");
            CountDownLatch degraded = new CountDownLatch(1);
            Queue<SystemHealth> seen = new ConcurrentLinkedQueue<>();
            Watch watch =
                    host.domains.watchHealth(health -> {
                        seen.add(health);
                        boolean bad =
                                health.components().stream()
                                        .anyMatch(c ->
                                                c.name().equals("domain:healthy")
                                                        && c.status() != HealthStatus.HEALTHY);
                        if (bad) {
                            degraded.countDown();
                        }
                    });
            host.registry.remove(host.priority);
            degraded.await();
            assertThat(seen.size()).isLessThan(5);
            watch.close();
            assertThat(domain.state().statusReason()).isNotNull();
        }
    }

    @Test
    void aPageOverAllDomainsMergesThemInEveryOrder() {
        try (TestHost host = new TestHost()) {
            List<Domain> domains = List.of(host.domain("a"), host.domain("b"), host.domain("c"));
            domains.forEach(domain -> TestHost.get(domain.pause()));
            for (int i = 0; i < 30; i++) {
                TestHost.get(
                        domains.get(i % 3)
                                .schedule(TestHost.task("nothing").priority(i % 4).build()));
            }
            for (TaskOrder order : TaskOrder.values()) {
                List<TaskId> forward = walk(host, order, false);
                assertThat(forward).as("%s", order).hasSize(30).doesNotHaveDuplicates();
                if (order != TaskOrder.DEADLINE) {
                    assertThat(walk(host, order, true)).isEqualTo(forward.reversed());
                }
            }
            TaskPage first =
                    host.domains.page(
                            TaskPageRequest.first(TaskFilter.ALL, TaskOrder.CREATED_AT, 7));
            assertThat(first.totalCount()).isEqualTo(30);
            assertThat(first.asOf()).isNull();
        }
    }

    private static List<TaskId> walk(TestHost host, TaskOrder order, boolean descending) {
        List<TaskId> all = new ArrayList<>();
        String cursor = null;
        TaskPage page;
        do {
            page =
                    host.domains.page(
                            new TaskPageRequest(
                                    TaskFilter.ALL, order, descending, 7, cursor, null, false));
            for (TaskPage.Entry entry : page.entries()) {
                all.add(entry.task().id());
                cursor = entry.cursor();
            }
        } while (page.hasNext());
        return all;
    }

    @Test
    void manyTasksAreCancelledTriedAgainAndPurgedByAFilter() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("bulk");
            TestHost.get(domain.pause());
            for (int i = 0; i < 300; i++) {
                TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            }
            TaskFilter ready = TaskStreamTest.phases(List.of(TaskPhase.READY));
            TaskFilter cancelled = TaskStreamTest.phases(List.of(TaskPhase.CANCELLED));
            assertThat(TestHost.get(domain.cancelAll(ready, "stop", true)))
                    .isEqualTo(new BulkResult(300, 0, true));
            assertThat(TestHost.get(domain.cancelAll(ready, "stop", false)))
                    .isEqualTo(new BulkResult(300, 300, false));
            assertThat(domain.tasks(ready)).isEmpty();
            assertThat(TestHost.get(domain.retryAll(cancelled, false, false)))
                    .isEqualTo(new BulkResult(300, 300, false));
            assertThat(domain.tasks(ready)).hasSize(300);
            TestHost.get(
                    domain.configure(
                            TestHost.patch("executor", Map.of("queueCapacity", 200)), null));
            TestHost.get(domain.cancelAll(ready, null, false));
            assertThat(TestHost.get(domain.retryAll(cancelled, false, false)))
                    .isEqualTo(new BulkResult(300, 200, true));
            assertThat(TestHost.get(domain.purgeAll(cancelled, false)))
                    .isEqualTo(new BulkResult(100, 100, false));
            assertThat(domain.tasks(TaskFilter.ALL)).hasSize(200);
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> TestHost.get(domain.cancelAll(TaskFilter.ALL, null, false)))
                    .hasMessageContaining("filter");
        }
    }
}
