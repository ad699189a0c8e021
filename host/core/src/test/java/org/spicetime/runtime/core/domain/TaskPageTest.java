// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskRequest;

@Timeout(120)
class TaskPageTest {

    private static List<TaskId> ids(TaskPage page) {
        return page.entries().stream().map(entry -> entry.task().id()).toList();
    }

    private static TaskPageRequest request(
            TaskOrder order,
            boolean descending,
            int limit,
            @Nullable String after,
            @Nullable String before,
            boolean fromEnd) {
        return new TaskPageRequest(
                TaskFilter.ALL, order, descending, limit, after, before, fromEnd);
    }

    /** A paused domain with tasks of random priorities and deadlines. */
    private static Domain filled(TestHost host, Random random, int tasks) {
        Domain domain = host.domain("pages-" + random.nextInt(1 << 30));
        TestHost.get(domain.pause());
        for (int i = 0; i < tasks; i++) {
            TaskRequest.Builder task = TestHost.task("nothing").priority(random.nextInt(4));
            if (random.nextBoolean()) {
                task.deadline(Instant.now().plusSeconds(3600 + random.nextInt(5)));
            }
            TestHost.get(domain.schedule(task.build()));
        }
        return domain;
    }

    private static List<Task> walk(
            Domain domain, TaskOrder order, boolean descending, boolean backward, int limit) {
        List<Task> all = new ArrayList<>();
        String cursor = null;
        TaskPage page;
        do {
            page =
                    domain.page(
                            backward
                                    ? request(order, descending, limit, null, cursor, true)
                                    : request(order, descending, limit, cursor, null, false));
            List<Task> tasks = page.entries().stream().map(TaskPage.Entry::task).toList();
            all.addAll(backward ? tasks.reversed() : tasks);
            cursor =
                    page.entries().isEmpty()
                            ? null
                            : backward
                                    ? page.entries().getFirst().cursor()
                                    : page.entries().getLast().cursor();
        } while (backward ? page.hasPrevious() : page.hasNext());
        return backward ? all.reversed() : all;
    }

    @Test
    void everyOrderIsWalkedForwardAndBackwardWithoutGapsInPagesOfAnySize() {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        System.out.println("TaskPageTest seed " + seed);
        Random random = new Random(seed);
        try (TestHost host = new TestHost()) {
            Domain domain = filled(host, random, 60);
            Comparator<Task> id = Comparator.comparing(Task::id);
            Map<TaskOrder, Comparator<Task>> orders =
                    Map.of(
                            TaskOrder.CREATED_AT,
                            Comparator.comparing(Task::createdAt).thenComparing(id),
                            TaskOrder.UPDATED_AT,
                            Comparator.comparing(Task::updatedAt).thenComparing(id),
                            TaskOrder.PRIORITY,
                            Comparator.comparingInt(Task::priority).thenComparing(id),
                            TaskOrder.DEADLINE,
                            Comparator.comparing((Task task) ->
                                            task.deadline() == null ? Instant.MAX : task.deadline())
                                    .thenComparing(id));
            List<Task> tasks = domain.tasks(TaskFilter.ALL);
            for (TaskOrder order : TaskOrder.values()) {
                int limit = 1 + random.nextInt(70);
                List<Task> forward = walk(domain, order, false, false, limit);
                List<Task> backward = walk(domain, order, false, true, limit);
                List<Task> descending = walk(domain, order, true, false, limit);
                assertThat(forward).as("%s by %s", order, limit).hasSize(60);
                assertThat(ids(backward)).isEqualTo(ids(forward));
                if (order == TaskOrder.SCHEDULE) {
                    assertThat(ids(forward)).isEqualTo(ids(tasks));
                } else {
                    assertThat(ids(forward))
                            .isEqualTo(ids(forward.stream().sorted(orders.get(order)).toList()));
                }
                if (order != TaskOrder.DEADLINE) {
                    assertThat(ids(descending)).isEqualTo(ids(forward).reversed());
                } else {
                    assertThat(descending.getFirst().deadline()).isNotNull();
                    assertThat(descending.getLast().deadline()).isNull();
                }
            }
        }
    }

    private static List<TaskId> ids(List<Task> tasks) {
        return tasks.stream().map(Task::id).toList();
    }

    @Test
    void noTaskComesTwiceOrIsLeftOutWhileOthersComeAndGo() throws Exception {
        long seed = Long.getLong("test.seed", new Random().nextLong());
        System.out.println("TaskPageTest seed " + seed);
        Random random = new Random(seed);
        try (TestHost host = new TestHost()) {
            Domain domain =
                    host.domain(
                            "busy", Map.of("tasks", Map.of("retention", Map.of("maxTasks", 50))));
            List<TaskRequest> held =
                    IntStream.range(0, 200)
                            .mapToObj(i ->
                                    TestHost.task("nothing")
                                            .runAt(Instant.now().plusSeconds(3600))
                                            .build())
                            .toList();
            Set<TaskId> staying = new HashSet<>();
            TestHost.get(domain.scheduleAll(held)).forEach(task -> staying.add(task.id()));
            AtomicBoolean stop = new AtomicBoolean();
            Thread churn =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stop.get()) {
                                    TestHost.get(
                                                    domain.scheduleAll(
                                                            Collections.nCopies(
                                                                    5,
                                                                    TestHost.task("nothing")
                                                                            .build())))
                                            .forEach(task -> TestHost.ended(domain, task.id()));
                                }
                            });
            try {
                for (int round = 0; round < 30; round++) {
                    boolean descending = random.nextBoolean();
                    Set<TaskId> seen = new HashSet<>();
                    String cursor = null;
                    TaskPage page;
                    do {
                        page =
                                domain.page(
                                        request(
                                                TaskOrder.CREATED_AT,
                                                descending,
                                                1 + random.nextInt(40),
                                                cursor,
                                                null,
                                                false));
                        for (TaskPage.Entry entry : page.entries()) {
                            assertThat(seen.add(entry.task().id()))
                                    .as("seed %s: first time", seed)
                                    .isTrue();
                            cursor = entry.cursor();
                        }
                    } while (page.hasNext() && !seen.containsAll(staying));
                    assertThat(seen).as("seed %s", seed).containsAll(staying);
                }
            } finally {
                stop.set(true);
                churn.join();
            }
        }
    }

    @Test
    void aPageTellsWhatLiesAroundIt() {
        try (TestHost host = new TestHost()) {
            Domain domain = filled(host, new Random(1), 10);
            TaskPage first =
                    domain.page(request(TaskOrder.CREATED_AT, false, 4, null, null, false));
            assertThat(first.hasPrevious()).isFalse();
            assertThat(first.hasNext()).isTrue();
            assertThat(first.totalCount()).isEqualTo(10);
            TaskPage second =
                    domain.page(
                            request(
                                    TaskOrder.CREATED_AT,
                                    false,
                                    4,
                                    first.entries().getLast().cursor(),
                                    null,
                                    false));
            assertThat(second.hasPrevious()).isTrue();
            assertThat(second.hasNext()).isTrue();
            TaskPage between =
                    domain.page(
                            request(
                                    TaskOrder.CREATED_AT,
                                    false,
                                    100,
                                    first.entries().getFirst().cursor(),
                                    second.entries().getFirst().cursor(),
                                    false));
            assertThat(ids(between)).isEqualTo(ids(first).subList(1, 4));
            assertThat(between.hasNext()).isTrue();
            TaskPage none = domain.page(request(TaskOrder.CREATED_AT, false, 0, null, null, false));
            assertThat(none.entries()).isEmpty();
            assertThat(none.hasNext()).isTrue();
            TaskFilter three = TaskFilter.ALL.withLimit(3);
            TaskPage limited = domain.page(TaskPageRequest.first(three, TaskOrder.CREATED_AT, 2));
            assertThat(limited.totalCount()).isEqualTo(3);
            TaskPage rest =
                    domain.page(
                            TaskPageRequest.first(three, TaskOrder.CREATED_AT, 2)
                                    .after(limited.entries().getLast().cursor()));
            assertThat(rest.entries()).hasSize(1);
            assertThat(rest.hasNext()).isFalse();
        }
    }

    @Test
    void aCursorThatIsNoneOrOfAnotherOrderIsRefused() {
        try (TestHost host = new TestHost()) {
            Domain domain = filled(host, new Random(1), 3);
            String cursor =
                    domain.page(request(TaskOrder.PRIORITY, false, 1, null, null, false))
                            .entries()
                            .getFirst()
                            .cursor();
            for (String bad :
                    List.of(
                            "",
                            "x",
                            "not a cursor",
                            cursor + "A",
                            "B" + cursor.substring(1),
                            "a".repeat(100_000))) {
                assertRefused(
                        () -> domain.page(request(TaskOrder.PRIORITY, false, 1, bad, null, false)),
                        RequestErrorCode.BAD_USER_INPUT);
            }
            assertRefused(
                    () -> domain.page(request(TaskOrder.DEADLINE, false, 1, null, cursor, false)),
                    RequestErrorCode.BAD_USER_INPUT);
            assertThatThrownBy(() -> request(TaskOrder.DEADLINE, false, 501, null, null, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0 .. 500");
        }
    }

    private static void assertRefused(Runnable action, RequestErrorCode code) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
