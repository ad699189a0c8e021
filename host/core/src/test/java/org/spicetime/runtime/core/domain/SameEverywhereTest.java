// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.domain.TestHost.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.api.task.TaskTransition;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;

/** A stored task is the same to a client in memory, in the store, and after a restart. */
@Timeout(60)
class SameEverywhereTest {

    private static final DomainId DOMAIN = DomainId.of("same");

    @TempDir private Path instance;
    private SqliteTaskStore store;
    private TestHost host;
    private Domain domain;
    private final CountDownLatch open = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(instance.resolve("store"));
        open();
        domain =
                host.domain(
                        DOMAIN.value(),
                        Map.of(
                                "tasks",
                                Map.of(
                                        "limits",
                                        List.of(Map.of("concurrencyKey", "k", "maxRunning", 1))),
                                "executor",
                                Map.of("parallelism", 3)));
    }

    private void open() {
        store = new SqliteTaskStore();
        host = new TestHost(store, instance);
        host.work(
                "half",
                context -> {
                    context.progress(0.25);
                    context.progress(0.5);
                    return "half";
                });
        host.work(
                "fails",
                context -> {
                    context.progress(0.125);
                    context.log(LogLevel.INFO, "about to fail");
                    throw new IllegalStateException("as planned");
                });
        host.work(
                "waits",
                context -> {
                    open.await();
                    return "waited";
                });
    }

    @AfterEach
    void stop() {
        open.countDown();
        host.close();
    }

    private Task inMemory(TaskId id) {
        return host.domains.hosted(DOMAIN).orElseThrow().body().tasks.task(id).orElseThrow();
    }

    private Task inStore(TaskId id) {
        return store.load(id).orElseThrow().task();
    }

    private static TaskRequest.Builder exact(String work) {
        return TestHost.task(work)
                .timeout(Duration.ofSeconds(50, 123_456_789))
                .estimatedDuration(Duration.ofNanos(1))
                .retry(
                        new TaskRetry(
                                BackoffStrategy.FIXED,
                                Duration.ofNanos(1_234_567),
                                Duration.ofNanos(7_654_321),
                                1,
                                0));
    }

    private static DependencyRequest on(Task task, DependencyType type) {
        return new DependencyRequest(
                new TaskRef.Existing(task.id()), type, Duration.ofSeconds(3000, 999_999_999));
    }

    private Task ended(TaskRequest.Builder request) {
        return TestHost.ended(domain, get(domain.schedule(request.build())).id());
    }

    @Test
    void whatHasEnded() {
        Instant fine = Instant.now().plusSeconds(500).with(ChronoField.NANO_OF_SECOND, 123_456_789);
        List<Task> all = new ArrayList<>();
        all.add(ended(exact("half").deadline(fine)));
        all.add(ended(exact("half").relativeDeadline(Duration.ofNanos(10_000_000_001L))));
        Task failed = ended(exact("fails").maxRetries(2));
        all.add(failed);
        all.add(ended(exact("nothing").dependsOn(on(failed, DependencyType.SUCCESS))));
        all.add(ended(exact("nothing").dependsOn(on(all.getFirst(), DependencyType.DATA))));
        Task cancelled = get(domain.schedule(exact("nothing").runAt(fine.plusSeconds(99)).build()));
        get(domain.cancel(cancelled.id(), "not needed"));
        all.add(TestHost.ended(domain, cancelled.id()));
        Task blocks = get(domain.schedule(exact("waits").concurrencyKey("k").build()));
        TestHost.until(() -> inMemory(blocks.id()).phase() != TaskPhase.READY);
        Task limited = get(domain.schedule(exact("nothing").concurrencyKey("k").build()));
        TestHost.until(() -> inMemory(limited.id()).phase() == TaskPhase.WAITING_RESOURCE);
        open.countDown();
        all.add(TestHost.ended(domain, blocks.id()));
        all.add(TestHost.ended(domain, limited.id()));

        Map<TaskId, Task> before = new LinkedHashMap<>();
        for (Task task : all) {
            assertThat(inMemory(task.id())).isEqualTo(task);
            assertThat(inStore(task.id())).isEqualTo(task);
            before.put(task.id(), task);
        }
        restart();
        before.forEach((id, task) -> assertThat(domain.task(id)).contains(task));
    }

    @Test
    void whatHasNotEnded() {
        Instant fine = Instant.now().plusSeconds(500).with(ChronoField.NANO_OF_SECOND, 123_456_789);
        get(domain.pause());
        List<TaskId> all = new ArrayList<>();
        Task ready = get(domain.schedule(exact("nothing").deadline(fine).build()));
        all.add(ready.id());
        Task scheduled = get(domain.schedule(exact("nothing").runAt(fine).build()));
        all.add(scheduled.id());
        all.add(
                get(domain.schedule(
                                exact("nothing")
                                        .dependsOn(on(ready, DependencyType.SUCCESS))
                                        .dependsOn(on(scheduled, DependencyType.SOFT))
                                        .build()))
                        .id());
        Task suspended = get(domain.schedule(exact("nothing").runAt(fine).build()));
        get(domain.suspend(suspended.id()));
        all.add(suspended.id());
        Task urgent = get(domain.schedule(exact("nothing").build()));
        get(domain.changePriority(urgent.id(), 7));
        all.add(urgent.id());
        Task again = get(domain.schedule(exact("nothing").build()));
        get(domain.suspend(again.id()));
        get(domain.resume(again.id()));
        all.add(again.id());
        Task late =
                get(
                        domain.schedule(
                                exact("nothing").relativeDeadline(Duration.ofMillis(1)).build()));
        TestHost.until(() -> inMemory(late.id()).deadlineMissed());
        TestHost.until(() -> inStore(late.id()).deadlineMissed());
        all.add(late.id());

        Map<TaskId, Task> before = new LinkedHashMap<>();
        for (TaskId id : all) {
            Task task = inMemory(id);
            assertSame(inStore(id), task);
            before.put(id, task);
        }
        restart();
        before.forEach((id, task) -> assertSame(inMemory(id), task));
    }

    @Test
    void howItCameThere() {
        Instant later = Instant.now().plusSeconds(3000);
        Task first = get(domain.schedule(exact("nothing").runAt(later).owner("joe").build()));
        get(domain.suspend(first.id()));
        get(domain.resume(first.id()));
        Task fails =
                get(
                        domain.schedule(
                                TestHost.task("fails")
                                        .maxRetries(1)
                                        .retry(
                                                new TaskRetry(
                                                        BackoffStrategy.FIXED,
                                                        Duration.ofHours(1),
                                                        Duration.ofHours(1),
                                                        1,
                                                        0))
                                        .build()));
        TestHost.until(() -> inMemory(fails.id()).phase() == TaskPhase.RETRY_WAIT);
        TestHost.until(() -> inStore(fails.id()).phase() == TaskPhase.RETRY_WAIT);
        Task failed = ended(exact("fails"));
        get(domain.pause());
        get(domain.retry(failed.id(), false));
        Task waited =
                get(
                        domain.schedule(
                                exact("nothing")
                                        .dependsOn(on(first, DependencyType.SUCCESS))
                                        .build()));
        Task fresh = get(domain.schedule(exact("nothing").build()));
        get(domain.changePriority(fresh.id(), 3));

        Map<TaskId, List<Step>> before = new LinkedHashMap<>();
        for (Task task : List.of(first, fails, failed, waited, fresh)) {
            before.put(task.id(), steps(task.id()));
        }
        assertThat(before.get(first.id()))
                .extracting(Step::phase)
                .containsExactly(TaskPhase.SCHEDULED, TaskPhase.SUSPENDED, TaskPhase.SCHEDULED);
        assertThat(Objects.requireNonNull(before.get(first.id())).getFirst().actor())
                .isEqualTo("joe");
        assertThat(before.get(failed.id()))
                .extracting(Step::phase)
                .containsExactly(
                        TaskPhase.READY, TaskPhase.RUNNING, TaskPhase.FAILED, TaskPhase.READY);
        restart();
        before.forEach((id, steps) -> assertThat(steps(id)).isEqualTo(steps));
        get(domain.cancel(first.id(), "enough"));
        TestHost.ended(domain, first.id());
        assertThat(store.load(first.id()).orElseThrow().transitions())
                .extracting(step -> step.to())
                .containsExactly(
                        TaskPhase.SCHEDULED,
                        TaskPhase.SUSPENDED,
                        TaskPhase.SCHEDULED,
                        TaskPhase.CANCELLED);
    }

    private record Step(Instant at, TaskPhase phase, @Nullable String actor) {}

    /* Without those that only note something of the phase before. */
    private List<Step> steps(TaskId id) {
        List<Step> steps = new ArrayList<>();
        for (TaskTransition step : domain.history(id).orElseThrow().transitions()) {
            if (steps.isEmpty() || steps.getLast().phase() != step.phase()) {
                steps.add(new Step(step.timestamp(), step.phase(), step.actor()));
            }
        }
        return steps;
    }

    /* How long it waits is counted on. */
    private static void assertSame(Task task, Task expected) {
        assertThat(task)
                .usingRecursiveComparison()
                .ignoringFields("metrics.waitTime")
                .isEqualTo(expected);
    }

    private void restart() {
        host.close();
        open();
        domain = host.domains.find(DOMAIN).orElseThrow();
    }
}
