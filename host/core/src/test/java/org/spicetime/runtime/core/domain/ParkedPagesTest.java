// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;

/** Lists of a domain whose queue is for the greater part in the store alone. */
class ParkedPagesTest {

    private static final int WINDOW = 10;
    private static final int QUEUED = 60;

    @TempDir private Path instance;
    private TestHost host;
    private Domain domain;
    private final Set<TaskId> all = new HashSet<>();

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(instance.resolve("store"));
        host = new TestHost(new SqliteTaskStore(), instance, WINDOW);
        domain = host.domain("long", Map.of("scheduler", Map.of("policy", "PRIORITY")));
        get(domain.pause());
        for (int i = 0; i < QUEUED; i++) {
            all.add(get(domain.schedule(note("n" + i % 7).priority(i * 7 % 10).build())).id());
        }
        all.add(
                get(domain.schedule(note("later").runAt(Instant.now().plusSeconds(900)).build()))
                        .id());
        Task ended = get(domain.schedule(note("over").build()));
        get(domain.cancel(ended.id(), null));
        all.add(ended.id());
        all.add(get(domain.schedule(task("nothing").durability(Durability.VOLATILE).build())).id());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static TaskRequest.Builder note(String name) {
        return task("nothing").name(name).durability(Durability.DURABLE);
    }

    private boolean inMemory(TaskId id) {
        return host.domains.hosted(DomainId.of("long")).orElseThrow().body().tasks.knows(id);
    }

    private TaskId parked() {
        return all.stream().filter(id -> !inMemory(id)).findFirst().orElseThrow();
    }

    private List<Task> pages(TaskFilter filter, TaskOrder order, boolean descending, int size) {
        List<Task> tasks = new ArrayList<>();
        String after = null;
        while (true) {
            TaskPage page =
                    domain.page(
                            new TaskPageRequest(
                                    filter, order, descending, size, after, null, false));
            page.entries().forEach(entry -> tasks.add(entry.task()));
            assertThat(page.hasPrevious()).isEqualTo(after != null);
            if (!page.hasNext()) {
                return tasks;
            }
            after = page.entries().getLast().cursor();
        }
    }

    private List<Task> fromEnd(TaskFilter filter, TaskOrder order, boolean descending, int size) {
        List<Task> tasks = new ArrayList<>();
        String before = null;
        while (true) {
            TaskPage page =
                    domain.page(
                            new TaskPageRequest(
                                    filter, order, descending, size, null, before, true));
            tasks.addAll(0, page.entries().stream().map(TaskPage.Entry::task).toList());
            if (!page.hasPrevious()) {
                return tasks;
            }
            before = page.entries().getFirst().cursor();
        }
    }

    @Test
    void every_page_of_every_order_holds_each_task_once() {
        for (TaskOrder order : TaskOrder.values()) {
            for (boolean descending : new boolean[] {false, true}) {
                for (int size : new int[] {1, 7, 500}) {
                    assertThat(pages(TaskFilter.ALL, order, descending, size))
                            .as("%s, descending %s, pages of %d", order, descending, size)
                            .extracting(Task::id)
                            .containsExactlyInAnyOrderElementsOf(all);
                    assertThat(fromEnd(TaskFilter.ALL, order, descending, size))
                            .as("%s, descending %s, from the end", order, descending)
                            .extracting(Task::id)
                            .containsExactlyElementsOf(
                                    pages(TaskFilter.ALL, order, descending, 500).stream()
                                            .map(Task::id)
                                            .toList());
                }
            }
        }
        TaskPage first =
                domain.page(TaskPageRequest.first(TaskFilter.ALL, TaskOrder.CREATED_AT, 3));
        assertThat(first.totalCount()).isEqualTo(all.size());
        assertThat(domain.tasks(TaskFilter.ALL))
                .extracting(Task::id)
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(pages(TaskFilter.ALL, TaskOrder.PRIORITY, false, 9))
                .isSortedAccordingTo(Comparator.comparingInt(Task::priority));
    }

    @Test
    void the_order_of_the_scheduler_has_parked_tasks_between_their_turn_and_the_future() {
        List<Task> tasks = pages(TaskFilter.ALL, TaskOrder.SCHEDULE, false, 7);
        assertThat(tasks.getLast().phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(tasks.get(tasks.size() - 2).phase()).isEqualTo(TaskPhase.SCHEDULED);
        List<Task> rest = tasks.stream().filter(task -> !inMemory(task.id())).toList();
        assertThat(rest).isSortedAccordingTo(Comparator.comparingInt(task -> -task.priority()));
        assertThat(tasks.indexOf(rest.getFirst())).isEqualTo(tasks.size() - 2 - rest.size());
    }

    @Test
    void a_filter_finds_parked_tasks_too() {
        TaskFilter named = TaskFilter.ALL.withPhase(List.of(TaskPhase.READY));
        assertThat(domain.tasks(named)).hasSize(QUEUED + 1);
        assertThat(domain.tasks(TaskFilter.ALL.withPhase(List.of(TaskPhase.SCHEDULED)))).hasSize(1);
        TaskId one = parked();
        TaskFilter only =
                new TaskFilter(
                        List.of(one),
                        List.of(),
                        List.of(),
                        List.of(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        Map.of(),
                        null,
                        null,
                        List.of(),
                        OptionalInt.empty());
        assertThat(domain.tasks(only)).extracting(Task::id).containsExactly(one);
        assertThat(domain.tasks(search("n3"))).hasSize(9);
    }

    private static TaskFilter search(String word) {
        return new TaskFilter(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                Map.of(),
                word,
                null,
                List.of(),
                OptionalInt.empty());
    }

    @Test
    void a_change_by_filter_reaches_parked_tasks() {
        BulkResult rehearsed = get(domain.cancelAll(search("n3"), null, true));
        assertThat(rehearsed.matched()).isEqualTo(9);

        BulkResult done = get(domain.cancelAll(search("n3"), null, false));

        assertThat(done).isEqualTo(new BulkResult(9, 9, false));
        assertThat(domain.tasks(search("n3")))
                .allMatch(task -> task.phase() == TaskPhase.CANCELLED)
                .hasSize(9);
        assertThat(pages(TaskFilter.ALL, TaskOrder.UPDATED_AT, true, 7))
                .extracting(Task::id)
                .containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void the_changes_of_a_domain_tell_a_parked_task_once() throws InterruptedException {
        String asOf =
                domain.page(TaskPageRequest.first(TaskFilter.ALL, TaskOrder.CREATED_AT, 1)).asOf();
        Task fresh = get(domain.schedule(note("fresh").priority(0).build()));
        assertThat(inMemory(fresh.id())).isFalse();
        try (TaskChanges changes = domain.watchTasks(TaskFilter.ALL, asOf, () -> {})) {
            List<TaskChange> told = new ArrayList<>();
            TestHost.until(() -> told.addAll(changes.next(100)));
            assertThat(told).extracting(TaskChange::taskId).containsExactly(fresh.id());
            assertThat(told.getFirst().kind()).isEqualTo(TaskChange.Kind.UPSERT);
        }
    }

    @Test
    void a_parked_task_is_watched_to_its_end() {
        TaskId one = parked();
        get(domain.resume());
        assertThat(TestHost.ended(domain, one).phase()).isEqualTo(TaskPhase.COMPLETED);
    }
}
