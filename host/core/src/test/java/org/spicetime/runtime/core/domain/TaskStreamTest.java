// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;

@Timeout(120)
class TaskStreamTest {

    static TaskFilter phases(List<TaskPhase> phases) {
        return TaskFilter.ALL.withPhase(phases);
    }

    private static final TaskFilter DONE = phases(List.of(TaskPhase.COMPLETED, TaskPhase.FAILED));

    private static String asOf(Domain domain) {
        String asOf = domain.page(TaskPageRequest.first(DONE, TaskOrder.CREATED_AT, 0)).asOf();
        assertThat(asOf).isNotNull();
        return asOf == null ? "" : asOf;
    }

    private static Map<TaskId, TaskPhase> list(Domain domain, TaskFilter filter) {
        Map<TaskId, TaskPhase> tasks = new HashMap<>();
        @Nullable String cursor = null;
        TaskPage page;
        do {
            TaskPageRequest first = TaskPageRequest.first(filter, TaskOrder.CREATED_AT, 100);
            page = domain.page(cursor == null ? first : first.after(cursor));
            for (TaskPage.Entry entry : page.entries()) {
                tasks.put(entry.task().id(), entry.task().phase());
                cursor = entry.cursor();
            }
        } while (page.hasNext());
        return tasks;
    }

    private static void apply(Map<TaskId, TaskPhase> tasks, TaskChange change) {
        Task task = change.task();
        if (change.kind() == TaskChange.Kind.UPSERT && task != null) {
            tasks.put(change.taskId(), task.phase());
        } else {
            tasks.remove(change.taskId());
        }
    }

    @Test
    void theStreamAppliedToTheListGivesTheFinalList() throws Exception {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        System.out.println("TaskStreamTest seed " + seed);
        Random random = new Random(seed);
        try (TestHost host = new TestHost()) {
            host.work(
                    "sometimes",
                    context -> {
                        if (context.task().value().getLeastSignificantBits() % 3 == 0) {
                            throw new IllegalStateException("as planned");
                        }
                        return null;
                    });
            Domain domain =
                    host.domain(
                            "streamed",
                            Map.of("tasks", Map.of("retention", Map.of("maxTasks", 40))));
            CountDownLatch produced = new CountDownLatch(1);
            Thread producer =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 400; i++) {
                                    Task task =
                                            TestHost.get(
                                                    domain.schedule(
                                                            TestHost.task("sometimes").build()));
                                    if (i % 10 == 0) {
                                        TestHost.ended(domain, task.id());
                                    }
                                }
                                produced.countDown();
                            });
            // The list is read while tasks come, change and go: the stream makes up for it.
            String from = asOf(domain);
            Map<TaskId, TaskPhase> tasks = list(domain, DONE);
            Semaphore available = new Semaphore(0);
            String cursor = from;
            boolean quiet = false;
            while (!quiet) {
                // A reader that goes away and comes back, and takes a few at a time.
                try (TaskChanges changes = domain.watchTasks(DONE, cursor, available::release)) {
                    int times = 1 + random.nextInt(5);
                    for (int i = 0; i < times && !quiet; i++) {
                        boolean ended =
                                produced.getCount() == 0
                                        && domain.metrics().tasksCompleted()
                                                        + domain.metrics().tasksFailed()
                                                == 400;
                        List<TaskChange> taken = changes.next(1 + random.nextInt(20));
                        for (TaskChange change : taken) {
                            apply(tasks, change);
                            cursor = change.cursor();
                        }
                        quiet = ended && taken.isEmpty();
                    }
                }
            }
            producer.join();
            assertThat(tasks).as("seed %s", seed).isEqualTo(list(domain, DONE)).hasSize(40);
        }
    }

    @Test
    void aReaderIsToldWhenThereIsSomethingAndGetsTheNewestStateOnce() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("told");
            TestHost.get(domain.pause());
            Semaphore available = new Semaphore(0);
            AtomicInteger calls = new AtomicInteger();
            try (TaskChanges changes =
                    domain.watchTasks(
                            TaskFilter.ALL,
                            null,
                            () -> {
                                calls.incrementAndGet();
                                available.release();
                            })) {
                assertThat(changes.next(10)).isEmpty();
                Task task = TestHost.get(domain.schedule(TestHost.task("nothing").build()));
                TestHost.get(domain.changePriority(task.id(), 3));
                TestHost.get(domain.changePriority(task.id(), 7));
                assertThat(available.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                List<TaskChange> taken = changes.next(10);
                assertThat(taken).hasSize(1);
                assertThat(taken.getFirst().kind()).isEqualTo(TaskChange.Kind.UPSERT);
                assertThat(taken.getFirst().task()).isNotNull();
                assertThat(taken.getFirst().task().priority()).isEqualTo(7);
                assertThat(calls).hasValue(1);
                assertThat(changes.next(10)).isEmpty();
                TestHost.get(domain.cancel(task.id(), null));
                assertThat(available.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                assertThat(changes.next(10))
                        .extracting(TaskChange::kind)
                        .containsExactly(TaskChange.Kind.UPSERT);
                TestHost.get(domain.purgeAll(phases(List.of(TaskPhase.CANCELLED)), false));
                assertThat(changes.next(10))
                        .extracting(TaskChange::kind)
                        .containsExactly(TaskChange.Kind.PURGED);
            }
        }
    }

    @Test
    void aReaderOfADeletedDomainTakesTheRestAndIsThenRefused() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("deleted");
            TestHost.get(domain.pause());
            Semaphore available = new Semaphore(0);
            TaskChanges changes = domain.watchTasks(TaskFilter.ALL, null, available::release);
            assertThat(changes.next(10)).isEmpty();
            TestHost.get(domain.schedule(TestHost.task("nothing").build()));
            TestHost.get(host.domains.delete(domain.id(), true));
            assertThat(available.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            List<TaskChange> rest = new ArrayList<>();
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    rest.addAll(changes.next(10));
                                }
                            })
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo(RequestErrorCode.NOT_FOUND));
            assertThat(rest).hasSize(1);
            changes.close();
        }
    }

    @Test
    void aCursorOfAnotherDomainHasExpiredAndABrokenOneIsNone() {
        try (TestHost host = new TestHost()) {
            Domain one = host.domain("one");
            Domain other = host.domain("other");
            String cursor = asOf(one);
            assertRefused(other, cursor, RequestErrorCode.CURSOR_EXPIRED);
            assertRefused(one, cursor + "x", RequestErrorCode.BAD_USER_INPUT);
            assertRefused(one, "", RequestErrorCode.BAD_USER_INPUT);
            TestHost.get(host.domains.delete(one.id(), true));
            Domain again = host.domain("one");
            assertRefused(again, cursor, RequestErrorCode.CURSOR_EXPIRED);
            assertRefused(one, cursor, RequestErrorCode.NOT_FOUND);
        }
    }

    private static void assertRefused(Domain domain, String cursor, RequestErrorCode code) {
        assertThatThrownBy(() -> domain.watchTasks(TaskFilter.ALL, cursor, () -> {}).close())
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
