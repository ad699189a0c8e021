// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskHistory;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskStatus;

/** Tasks in memory and in the store as one, over restarts of the host. */
final class PastTest {

    private static final DomainId DOMAIN = DomainId.of("past");
    private static final TaskFilter DONE =
            TaskFilter.ALL.withStatus(List.of(TaskStatus.COMPLETED, TaskStatus.FAILED));
    private static final int COUNT = 120;

    @TempDir Path instance;

    private TestHost host(KeptStore kept) {
        TestHost host = new TestHost(kept);
        host.work(
                "fails",
                context -> {
                    context.log(LogLevel.INFO, "about to fail");
                    throw new IllegalStateException("as planned");
                });
        return host;
    }

    private static TaskRequest request(int number) {
        TaskRequest.Builder request =
                TestHost.task(number % 5 == 0 ? "fails" : "nothing")
                        .name("task " + number)
                        .labels(Map.of("third", String.valueOf(number % 3)))
                        .priority(number % 4);
        return request.durability(number % 10 == 9 ? Durability.VOLATILE : Durability.DURABLE)
                .build();
    }

    private static void fill(Domain domain) {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < COUNT; i += 20) {
            List<TaskRequest> batch = new ArrayList<>();
            for (int j = i; j < i + 20; j++) {
                batch.add(request(j));
            }
            TestHost.get(domain.scheduleAll(batch)).forEach(task -> ids.add(task.id()));
        }
        ids.forEach(id -> TestHost.ended(domain, id));
    }

    private static List<TaskId> walk(
            Domain domain,
            TaskFilter filter,
            TaskOrder order,
            boolean descending,
            boolean backwards,
            int most) {
        List<TaskId> ids = new ArrayList<>();
        @Nullable String cursor = null;
        TaskPage page;
        do {
            page =
                    domain.page(
                            new TaskPageRequest(
                                    filter,
                                    order,
                                    descending,
                                    most,
                                    backwards ? null : cursor,
                                    backwards ? cursor : null,
                                    backwards));
            List<TaskId> part = page.entries().stream().map(entry -> entry.task().id()).toList();
            ids.addAll(backwards ? 0 : ids.size(), part);
            if (!part.isEmpty()) {
                cursor =
                        backwards
                                ? page.entries().getFirst().cursor()
                                : page.entries().getLast().cursor();
            }
        } while (backwards ? page.hasPrevious() : page.hasNext());
        return ids;
    }

    @Test
    void pagesOfAnySizeGiveTheSameListInEachOrderBothWays(TestReporter reporter) {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        reporter.publishEntry("seed", String.valueOf(seed));
        Random random = new Random(seed);
        KeptStore kept = new KeptStore(instance);
        try (TestHost host = host(kept)) {
            Domain domain = host.domain(DOMAIN.value());
            fill(domain);
            compare(domain, random, COUNT, seed);
        }
        try (TestHost host = host(kept)) {
            Domain domain = host.domains.find(DOMAIN).orElseThrow();
            compare(domain, random, COUNT - COUNT / 10, seed);
        }
    }

    private static void compare(Domain domain, Random random, int expected, long seed) {
        for (TaskOrder order : TaskOrder.values()) {
            for (boolean descending : new boolean[] {false, true}) {
                List<TaskId> whole = walk(domain, DONE, order, descending, false, 500);
                assertThat(whole)
                        .as("%s %s seed %s", order, descending, seed)
                        .hasSize(expected)
                        .doesNotHaveDuplicates();
                int size = 1 + random.nextInt(40);
                assertThat(walk(domain, DONE, order, descending, false, size))
                        .as("%s %s by %s seed %s", order, descending, size, seed)
                        .isEqualTo(whole);
                assertThat(walk(domain, DONE, order, descending, true, size))
                        .as("%s %s back by %s seed %s", order, descending, size, seed)
                        .isEqualTo(whole);
                assertThat(walk(domain, DONE.withLimit(50), order, descending, false, size))
                        .as("limited %s %s by %s seed %s", order, descending, size, seed)
                        .isEqualTo(whole.subList(0, 50));
            }
        }
        assertThat(domain.tasks(DONE.withLimit(7))).hasSize(7);
    }

    @Test
    void aCursorGoesOnAfterARestartAndSoDoTheChanges() throws Exception {
        KeptStore kept = new KeptStore(instance);
        Map<TaskId, TaskPhase> told = new HashMap<>();
        List<TaskId> read = new ArrayList<>();
        String listed;
        String changed;
        try (TestHost host = host(kept)) {
            Domain domain = host.domain(DOMAIN.value());
            String asOf = asOf(domain);
            fill(domain);
            TaskPage page = domain.page(TaskPageRequest.first(DONE, TaskOrder.CREATED_AT, 30));
            page.entries().forEach(entry -> read.add(entry.task().id()));
            listed = page.entries().getLast().cursor();
            changed = take(domain, asOf, told, 40);
            assertThat(domain.page(TaskPageRequest.first(DONE, TaskOrder.CREATED_AT, 0)))
                    .extracting(TaskPage::totalCount)
                    .isEqualTo(COUNT);
        }
        try (TestHost host = host(kept)) {
            Domain domain = host.domains.find(DOMAIN).orElseThrow();
            TaskPage page =
                    domain.page(
                            TaskPageRequest.first(DONE, TaskOrder.CREATED_AT, 500).after(listed));
            assertThat(page.hasPrevious()).isTrue();
            assertThat(page.entries())
                    .extracting(e -> e.task().id())
                    .doesNotContainAnyElementsOf(read);
            int durable = COUNT - COUNT / 10;
            take(domain, changed, told, durable);
            assertThat(told).hasSize(durable);
            // What changes from now on is told as well, on the same cursor's way.
            try (TaskChanges changes = domain.watchTasks(DONE, asOf(domain), () -> {})) {
                assertThat(changes.next(10)).isEmpty();
                Task task = TestHost.get(domain.schedule(request(1)));
                TestHost.ended(domain, task.id());
                List<TaskChange> news = new ArrayList<>();
                TestHost.until(() -> {
                    news.addAll(changes.next(10));
                    return news.stream()
                            .anyMatch(change -> change.kind() == TaskChange.Kind.UPSERT);
                });
                assertThat(news.getLast().taskId()).isEqualTo(task.id());
            }
        }
    }

    private static String asOf(Domain domain) {
        String asOf = domain.page(TaskPageRequest.first(DONE, TaskOrder.CREATED_AT, 0)).asOf();
        assertThat(asOf).isNotNull();
        return String.valueOf(asOf);
    }

    /* Final states of durable tasks, each told once; the cursor of the last one. */
    private static String take(
            Domain domain, String after, Map<TaskId, TaskPhase> told, int until) {
        String[] cursor = {after};
        try (TaskChanges changes = domain.watchTasks(DONE, after, () -> {})) {
            TestHost.until(() -> {
                for (TaskChange change : changes.next(1)) {
                    Task task = change.task();
                    if (change.cursor() == null) {
                        continue;
                    }
                    cursor[0] = change.cursor();
                    if (change.kind() == TaskChange.Kind.UPSERT && task != null) {
                        assertThat(told.put(task.id(), task.phase()))
                                .as("%s is told twice", task.id())
                                .isNull();
                    }
                }
                return told.size() >= until;
            });
        }
        return cursor[0];
    }

    @Test
    void volatileTasksAreToldLiveWithoutACursor() throws Exception {
        try (TestHost host = host(new KeptStore(instance))) {
            Domain domain = host.domain(DOMAIN.value());
            Semaphore available = new Semaphore(0);
            try (TaskChanges changes = domain.watchTasks(DONE, null, available::release)) {
                assertThat(changes.next(10)).isEmpty();
                Task task = TestHost.get(domain.schedule(request(9)));
                List<TaskChange> news = new ArrayList<>();
                while (news.stream().noneMatch(c -> c.kind() == TaskChange.Kind.UPSERT)) {
                    assertThat(available.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                    for (List<TaskChange> part = changes.next(10);
                            !part.isEmpty();
                            part = changes.next(10)) {
                        news.addAll(part);
                    }
                }
                assertThat(news)
                        .allSatisfy(change -> {
                            assertThat(change.taskId()).isEqualTo(task.id());
                            assertThat(change.cursor()).isNull();
                        });
            }
        }
    }

    @Test
    void deadLettersOfTheRunBeforeAreInspectedTriedAgainAndRemoved() {
        KeptStore kept = new KeptStore(instance);
        try (TestHost host = host(kept)) {
            fill(host.domain(DOMAIN.value()));
        }
        try (TestHost host = host(kept)) {
            Domain domain = host.domains.find(DOMAIN).orElseThrow();
            TaskFilter dead = DONE.withPhase(List.of(TaskPhase.FAILED, TaskPhase.TIMED_OUT));
            List<Task> letters = domain.tasks(dead);
            assertThat(letters).hasSize(COUNT / 5);
            TaskId one = letters.getFirst().id();
            assertThat(host.domains.findTask(one)).isPresent();
            TaskHistory history = domain.history(one).orElseThrow();
            assertThat(history.transitions())
                    .extracting(step -> step.phase())
                    .endsWith(TaskPhase.FAILED);
            assertThat(history.attempts())
                    .extracting(TaskAttempt::outcome)
                    .containsExactly(AttemptOutcome.FAILED);
            assertThat(history.attempts().getFirst().log())
                    .extracting(line -> line.message())
                    .containsExactly("about to fail");

            TestHost.get(domain.retry(one, false));
            Task again = TestHost.ended(domain, one);
            assertThat(again.attempt()).isEqualTo(2);
            assertThat(domain.history(one).orElseThrow().attempts()).hasSize(2);

            BulkResult all = TestHost.get(domain.retryAll(dead, false, false));
            assertThat(all.changed()).isEqualTo(COUNT / 5);
            TestHost.until(() -> domain.tasks(dead).size() == COUNT / 5);

            BulkResult dry = TestHost.get(domain.purgeAll(dead, true));
            assertThat(dry.matched()).isEqualTo(COUNT / 5);
            BulkResult gone = TestHost.get(domain.purgeAll(dead, false));
            assertThat(gone.changed()).isEqualTo(COUNT / 5);
            assertThat(domain.tasks(dead)).isEmpty();
            assertThat(domain.task(one)).isEmpty();
            assertThatThrownBy(() -> TestHost.get(domain.retry(one, false)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo(RequestErrorCode.NOT_FOUND));
        }
    }
}
