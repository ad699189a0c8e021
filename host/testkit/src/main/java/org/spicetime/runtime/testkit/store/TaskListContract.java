// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.api.task.TaskType;

/** What every task store has to keep about orders, conditions, counts and what a start reads. */
public abstract class TaskListContract extends RetentionContract {

    /** For subclasses. */
    protected TaskListContract() {}

    private List<TaskId> matching(TaskFilter filter) {
        return store
                .query(
                        DOMAIN,
                        new TaskRange(filter, TaskOrder.CREATED_AT, false, null, null, false, 1000))
                .items()
                .stream()
                .map(record -> record.task().id())
                .toList();
    }

    private List<TaskId> matching(Consumer<Filters> conditions) {
        Filters filters = new Filters();
        conditions.accept(filters);
        TaskFilter filter = filters.filter();
        List<TaskId> found = matching(filter);
        assertThat(store.count(DOMAIN, filter)).hasValue(found.size());
        return found;
    }

    private Task[] various() {
        Task[] tasks = new Task[8];
        for (int i = 0; i < tasks.length; i++) {
            int priority = i * 3 % 4;
            Instant deadline = i % 3 == 0 ? null : now().plusSeconds(100 - 10L * (i % 3));
            tasks[i] =
                    task(TaskPhase.READY, request -> request.priority(priority).deadline(deadline));
            submit(tasks[i]);
            if (i % 2 == 1) {
                pass(Duration.ofSeconds(1));
            }
        }
        append(started(tasks[2], 1), completed(tasks[2], 1));
        append(started(tasks[5], 1));
        append(new TaskEvent.DeadlineMissed(tasks[1].id(), now()));
        return tasks;
    }

    @Test
    void everyOrderIsReadBothWaysInPagesOfAnySize() {
        various();
        List<TaskRecord> all = store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 100)).items();
        for (TaskOrder order : TaskOrder.values()) {
            for (boolean descending : new boolean[] {false, true}) {
                Comparator<TaskPlace> places = TaskPlace.order(order, descending);
                List<TaskPlace> expected =
                        all.stream()
                                .filter(record ->
                                        order != TaskOrder.SCHEDULE
                                                || record.task().phase().isFinal())
                                .map(record -> TaskPlace.of(record.task(), order, descending))
                                .sorted(places)
                                .toList();
                for (int size : new int[] {1, 3, 100}) {
                    assertThat(forward(order, descending, size))
                            .as("%s, descending %s, pages of %d", order, descending, size)
                            .isEqualTo(expected);
                    assertThat(backward(order, descending, size))
                            .as("%s, descending %s, from the end", order, descending)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private List<TaskPlace> forward(TaskOrder order, boolean descending, int size) {
        List<TaskPlace> seen = new ArrayList<>();
        TaskSlice slice;
        do {
            TaskPlace after = seen.isEmpty() ? null : seen.getLast();
            slice =
                    store.query(
                            DOMAIN,
                            new TaskRange(
                                    TaskFilter.ALL, order, descending, after, null, false, size));
            slice.items()
                    .forEach(record -> seen.add(TaskPlace.of(record.task(), order, descending)));
        } while (slice.more());
        return seen;
    }

    private List<TaskPlace> backward(TaskOrder order, boolean descending, int size) {
        List<TaskPlace> seen = new ArrayList<>();
        TaskSlice slice;
        do {
            TaskPlace before = seen.isEmpty() ? null : seen.getLast();
            slice =
                    store.query(
                            DOMAIN,
                            new TaskRange(
                                    TaskFilter.ALL, order, descending, null, before, true, size));
            slice.items()
                    .reversed()
                    .forEach(record -> seen.add(TaskPlace.of(record.task(), order, descending)));
        } while (slice.more());
        Collections.reverse(seen);
        return seen;
    }

    @Test
    void aPlaceOfATaskThatIsGoneIsStillAPlace() {
        List<TaskPlace> places = new ArrayList<>();
        List<Task> done = new ArrayList<>();
        finish(
                3,
                task -> {
                    done.add(task);
                    pass(Duration.ofSeconds(1));
                });
        done.forEach(task -> places.add(TaskPlace.of(task, TaskOrder.CREATED_AT, false)));
        append(new TaskEvent.Purged(done.get(1).id(), now(), "eve"));
        TaskRange range =
                new TaskRange(
                        TaskFilter.ALL, TaskOrder.CREATED_AT, false, places.get(1), null, false, 9);
        assertThat(store.query(DOMAIN, range).items())
                .extracting(record -> record.task().id())
                .containsExactly(done.get(2).id());
    }

    @Test
    void everyConditionIsHeld() {
        Instant start = now();
        UUID schedule = new UUID(6, 6);
        Task plain =
                task(
                        TaskPhase.READY,
                        request ->
                                request.name("50%_Off")
                                        .owner("ann")
                                        .handler("h.one")
                                        .priority(3)
                                        .deadline(start.plusSeconds(50)));
        submit(plain);
        pass(Duration.ofSeconds(1));
        Task released = task(TaskPhase.READY, request -> request.name("50 percent").owner("bob"));
        append(
                lease,
                1,
                List.of(
                        new TaskEvent.Submitted(
                                released, 0, null, null, new Release(schedule, now()))));
        Task dead = ready();
        submit(dead);
        append(failed(dead));
        List<TaskId> none = List.of();
        assertThat(matching(f -> f.ids = List.of(plain.id(), dead.id(), newId())))
                .containsExactlyInAnyOrder(plain.id(), dead.id());
        assertThat(matching(f -> f.phase = List.of(TaskPhase.FAILED, TaskPhase.COMPLETED)))
                .containsExactly(dead.id());
        assertThat(matching(f -> f.status = List.of(TaskStatus.FAILED))).containsExactly(dead.id());
        assertThat(
                        matching(f -> {
                            f.status = List.of(TaskStatus.FAILED);
                            f.phase = List.of(TaskPhase.READY);
                        }))
                .isEqualTo(none);
        assertThat(matching(f -> f.type = List.of(TaskType.COMPUTATION))).hasSize(3);
        assertThat(matching(f -> f.type = List.of(TaskType.IO))).isEqualTo(none);
        assertThat(matching(f -> f.handler = List.of("h.one", "h.two")))
                .containsExactly(plain.id());
        assertThat(matching(f -> f.owner = List.of("bob"))).containsExactly(released.id());
        assertThat(matching(f -> f.minPriority = OptionalInt.of(4))).doesNotContain(plain.id());
        assertThat(matching(f -> f.maxPriority = OptionalInt.of(4))).containsExactly(plain.id());
        assertThat(matching(f -> f.deadlineBefore = start.plusSeconds(50))).isEqualTo(none);
        assertThat(matching(f -> f.deadlineBefore = start.plusSeconds(51)))
                .containsExactly(plain.id());
        assertThat(matching(f -> f.deadlineAfter = start.plusSeconds(49)))
                .containsExactly(plain.id());
        assertThat(matching(f -> f.deadlineAfter = start.plusSeconds(50))).isEqualTo(none);
        assertThat(matching(f -> f.createdAfter = start)).hasSize(3);
        assertThat(matching(f -> f.createdAfter = start.plusSeconds(1)))
                .containsExactlyInAnyOrder(released.id(), dead.id());
        assertThat(matching(f -> f.createdBefore = start.plusSeconds(1)))
                .containsExactly(plain.id());
        assertThat(matching(f -> f.nameContains = "50%_o")).containsExactly(plain.id());
        assertThat(matching(f -> f.deadLetter = true)).containsExactly(dead.id());
        assertThat(matching(f -> f.deadLetter = false))
                .containsExactlyInAnyOrder(plain.id(), released.id());
        assertThat(matching(f -> f.scheduleIds = List.of(schedule, new UUID(7, 7))))
                .containsExactly(released.id());
        assertThat(store.count(DomainId.of("other"), TaskFilter.ALL)).hasValue(0);
    }

    @Test
    void aSearchFindsEachWordInAnyText() {
        Task task =
                task(
                        TaskPhase.READY,
                        request ->
                                request.name("Nightly Übersicht")
                                        .handler("report.build")
                                        .labels(Map.of("team", "Blue \"Whale\"", "a%b", "x_y"))
                                        .idempotencyKey("Key-4711"));
        submit(task);
        Task other = task(TaskPhase.READY, request -> request.name("other"));
        submit(other);
        append(failed(task));
        for (String words :
                List.of(
                        "nightly",
                        "NIGHT ly",
                        "übersicht",
                        "ÜBER",
                        "report.build",
                        "uild team",
                        "whale",
                        "\"whale\"",
                        "a%b",
                        "x_y",
                        "4711",
                        "it failed",
                        " \t nightly\n4711  failed  ")) {
            assertThat(matching(Filters.search(words))).as(words).containsExactly(task.id());
        }
        for (String words : List.of("nightly other", "a_b", "x%y", "nighty", "null", "{", "':")) {
            assertThat(matching(Filters.search(words))).as(words).isEmpty();
        }
        assertThat(matching(Filters.search("x".repeat(100_000)))).as("endless").isEmpty();
        assertThat(matching(Filters.search("  "))).as("no word is no condition").hasSize(2);
    }

    @Test
    void aStartReadsWhatIsNotFinished() {
        Task ready = ready();
        Task later = task(TaskPhase.SCHEDULED, request -> request.runAt(now().plusSeconds(60)));
        Task running = ready();
        submit(ready, later, running);
        Task waits = waiting(running);
        submit(waits);
        Task done = finish(ready());
        Task suspended = task(TaskPhase.SCHEDULED, r -> r.runAt(now().plusSeconds(30)));
        submit(suspended);
        append(started(running, 1), new TaskEvent.Suspended(suspended.id(), now(), "eve"));
        List<QueuedRef> held = store.held(DOMAIN, 0, 10);
        assertThat(held)
                .extracting(QueuedRef::task)
                .containsExactly(later.id(), running.id(), waits.id(), suspended.id());
        assertThat(store.held(DOMAIN, held.get(1).seq(), 1))
                .extracting(QueuedRef::task)
                .containsExactly(waits.id());
        assertThat(store.unfinished(DOMAIN))
                .isEqualTo(
                        Map.of(
                                TaskPhase.READY, 1L,
                                TaskPhase.SCHEDULED, 1L,
                                TaskPhase.RUNNING, 1L,
                                TaskPhase.WAITING_DEPENDENCY, 1L,
                                TaskPhase.SUSPENDED, 1L));
        assertThat(store.loadAll(List.of(suspended.id(), newId(), done.id(), later.id())))
                .containsExactly(load(suspended.id()), load(done.id()), load(later.id()));
        assertThat(load(suspended.id()).readyAt())
                .as("kept while it is suspended")
                .isEqualTo(suspended.request().runAt());
        assertThat(load(ready.id()).readyAt()).isNull();
    }

    @Test
    void aListOfNothingCannotBeAskedFor() {
        for (int limit : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.head(DOMAIN, RankCursor.START, limit));
            assertThatIllegalArgumentException().isThrownBy(() -> store.due(DOMAIN, limit));
            assertThatIllegalArgumentException().isThrownBy(() -> store.held(DOMAIN, 0, limit));
            assertThatIllegalArgumentException().isThrownBy(() -> store.deadlines(DOMAIN, limit));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.revisions(DOMAIN, Long.MAX_VALUE, limit));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            store.changes(DOMAIN, new ChangeCursor(lease.incarnation(), 0), limit));
        }
    }

    @Test
    void deadlinesAreListedUntilTheyAreMissed() {
        Task late = task(TaskPhase.READY, request -> request.deadline(now().plusSeconds(20)));
        Task soon = task(TaskPhase.READY, request -> request.deadline(now().plusSeconds(10)));
        Task over = task(TaskPhase.READY, request -> request.deadline(now().plusSeconds(5)));
        submit(late, soon, ready());
        finish(over);
        assertThat(store.deadlines(DOMAIN, 9))
                .extracting(QueuedRef::task)
                .containsExactly(soon.id(), late.id());
        assertThat(store.deadlines(DOMAIN, 1).getFirst().deadline()).isEqualTo(soon.deadline());
        append(new TaskEvent.DeadlineMissed(soon.id(), now()));
        assertThat(store.deadlines(DOMAIN, 9))
                .extracting(QueuedRef::task)
                .containsExactly(late.id());
    }
}
