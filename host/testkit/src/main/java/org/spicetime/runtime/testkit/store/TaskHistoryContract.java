// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.StoreException.Reason;
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

/** What every task store has to keep about lists and changes. */
public abstract class TaskHistoryContract extends DomainStoreContract {

    private static final int STEPS = Boolean.getBoolean("test.long") ? 100_000 : 500;

    /** For subclasses. */
    protected TaskHistoryContract() {}

    @Test
    void readyTasksAreListedByUrgencyThenAdmission() {
        Task late = ready();
        Task first = ready();
        Task second = ready();
        append(lease, 3, List.of(submitted(late, 9), submitted(first, -1), submitted(second, -1)));
        submit(task(TaskPhase.SCHEDULED, request -> request.runAt(now().plusSeconds(9))));
        List<QueuedRef> head = store.head(DOMAIN, RankCursor.START, 2);
        assertThat(head).extracting(QueuedRef::task).containsExactly(first.id(), second.id());
        assertThat(store.head(DOMAIN, head.getLast().cursor(), 2))
                .extracting(QueuedRef::task)
                .containsExactly(late.id());
        append(started(second, 1));
        assertThat(store.head(DOMAIN, head.getFirst().cursor(), 9))
                .extracting(QueuedRef::task)
                .containsExactly(late.id());
        assertThat(store.head(DOMAIN, head.getLast().cursor(), 9))
                .as("the place of a task that is gone is still a place")
                .extracting(QueuedRef::task)
                .containsExactly(late.id());
    }

    @Test
    void readyTasksAloneAreReadInTheirOrderUnderSchedule() {
        Task last = ready();
        Task first = ready();
        Task second = ready();
        append(lease, 3, List.of(submitted(last, 9), submitted(first, -1), submitted(second, -1)));
        submit(task(TaskPhase.SCHEDULED, request -> request.runAt(now().plusSeconds(9))));
        TaskFilter ready = TaskFilter.ALL.withPhase(List.of(TaskPhase.READY));
        TaskPlace behindFirst = new TaskPlace(-1, first.id());
        assertThat(ranked(ready, false, null, null, false, 9))
                .containsExactly(first.id(), second.id(), last.id());
        assertThat(ranked(ready, false, null, null, false, 2))
                .containsExactly(first.id(), second.id());
        assertThat(ranked(ready, false, null, null, true, 2))
                .containsExactly(second.id(), last.id());
        assertThat(ranked(ready, false, behindFirst, null, false, 9))
                .containsExactly(second.id(), last.id());
        assertThat(ranked(ready, false, null, new TaskPlace(-1, second.id()), false, 9))
                .containsExactly(first.id());
        assertThat(ranked(ready, true, null, null, false, 9))
                .containsExactly(last.id(), second.id(), first.id());
        assertThat(ranked(ready, true, new TaskPlace(9, last.id()), null, false, 9))
                .containsExactly(second.id(), first.id());
        assertThat(ranked(ready, true, null, behindFirst, true, 1)).containsExactly(second.id());
        assertThat(ranked(ready, false, new TaskPlace(-1, ready().id()), null, false, 9))
                .as("a place of which only the rank is known is behind all of that rank")
                .containsExactly(last.id());
    }

    private List<TaskId> ranked(
            TaskFilter filter,
            boolean descending,
            @Nullable TaskPlace after,
            @Nullable TaskPlace before,
            boolean fromEnd,
            int limit) {
        return store
                .query(
                        DOMAIN,
                        new TaskRange(
                                filter,
                                TaskOrder.SCHEDULE,
                                descending,
                                after,
                                before,
                                fromEnd,
                                limit))
                .items()
                .stream()
                .map(record -> record.task().id())
                .toList();
    }

    @Test
    void timedTasksAreListedByTheirInstant() {
        Task late = task(TaskPhase.SCHEDULED, request -> request.runAt(now().plusSeconds(9)));
        Task soon = task(TaskPhase.SCHEDULED, request -> request.runAt(now().plusSeconds(1)));
        submit(late, soon, ready());
        assertThat(store.due(DOMAIN, 9))
                .extracting(QueuedRef::task)
                .containsExactly(soon.id(), late.id());
        assertThat(store.due(DOMAIN, 1)).extracting(QueuedRef::task).containsExactly(soon.id());
    }

    final List<TaskId> all(TaskFilter filter, int pageSize) {
        List<TaskId> ids = new ArrayList<>();
        TaskRange range = TaskRange.newest(filter, pageSize);
        TaskSlice slice;
        do {
            slice = store.query(DOMAIN, range);
            assertThat(slice.items()).hasSizeLessThanOrEqualTo(pageSize);
            slice.items().forEach(record -> ids.add(record.task().id()));
            range = slice.items().isEmpty() ? range : range.after(last(slice));
        } while (slice.more());
        return ids;
    }

    private static TaskPlace last(TaskSlice slice) {
        return TaskPlace.of(slice.items().getLast().task(), TaskOrder.CREATED_AT, true);
    }

    @Test
    void pagesRunFromTheNewestToTheOldest() {
        List<TaskId> admitted = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Task task = ready();
            submit(task);
            admitted.addFirst(task.id());
            pass(Duration.ofSeconds(1));
        }
        for (int size : new int[] {1, 2, 7, 100}) {
            assertThat(all(TaskFilter.ALL, size)).as("pages of %d", size).isEqualTo(admitted);
        }
        TaskRange first = TaskRange.newest(TaskFilter.ALL, 3);
        TaskSlice page = store.query(DOMAIN, first);
        submit(ready());
        assertThat(store.query(DOMAIN, first.after(last(page))).items())
                .extracting(record -> record.task().id())
                .isEqualTo(admitted.subList(3, 6));
    }

    @Test
    void aFilterHoldsInAllItsConditions() {
        Task red =
                task(
                        TaskPhase.READY,
                        request ->
                                request.name("Red Task")
                                        .labels(Map.of("colour", "red", "x", "1"))
                                        .priority(9));
        Task blue =
                task(
                        TaskPhase.READY,
                        request -> request.labels(Map.of("colour", "blue")).priority(1));
        submit(red, blue);
        append(started(blue, 1), completed(blue, 1));
        assertThat(all(filter(List.of(TaskStatus.COMPLETED), null, null, Map.of()), 9))
                .containsExactly(blue.id());
        assertThat(all(filter(List.of(), 5, null, Map.of()), 9)).containsExactly(red.id());
        assertThat(all(filter(List.of(), null, "rED", Map.of()), 9)).containsExactly(red.id());
        assertThat(all(filter(List.of(), null, null, Map.of("colour", "red")), 9))
                .containsExactly(red.id());
        assertThat(all(filter(List.of(TaskStatus.COMPLETED), 5, null, Map.of()), 9)).isEmpty();
    }

    private static TaskFilter filter(
            List<TaskStatus> status,
            @Nullable Integer minPriority,
            @Nullable String name,
            Map<String, String> labels) {
        return new TaskFilter(
                List.of(),
                status,
                List.of(),
                List.of(),
                minPriority == null ? OptionalInt.empty() : OptionalInt.of(minPriority),
                OptionalInt.empty(),
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                name,
                labels,
                null,
                null,
                List.of(),
                OptionalInt.empty());
    }

    final ChangePage.Changes changes(ChangeCursor after, int limit) {
        ChangePage page = store.changes(DOMAIN, after, limit);
        assertThat(page).isInstanceOf(ChangePage.Changes.class);
        return (ChangePage.Changes) page;
    }

    private ChangeCursor beginning() {
        return new ChangeCursor(lease.incarnation(), 0);
    }

    @Test
    void changesTellTheNewestStateOnce() {
        ChangeCursor before = store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 1)).asOf();
        Task first = ready();
        Task second = ready();
        submit(first, second);
        append(started(first, 1));
        ChangePage.Changes page = changes(before, 10);
        assertThat(page.changes())
                .extracting(ChangePage.TaskChange::task)
                .containsExactly(second.id(), first.id());
        assertThat(page.changes().getLast().record()).isEqualTo(load(first.id()));
        assertThat(page.more()).isFalse();
        assertThat(changes(page.next(), 10).changes()).isEmpty();
        ChangePage.Changes one = changes(before, 1);
        assertThat(one.more()).isTrue();
        assertThat(changes(one.next(), 10).changes())
                .extracting(ChangePage.TaskChange::task)
                .containsExactly(first.id());
    }

    @Test
    void anAcknowledgementHasSeenItsEvents() {
        Task task = ready();
        submit(task);
        ChangeCursor after = append(started(task, 1)).asOf();
        assertThat(changes(after, 10).changes()).isEmpty();
        assertThat(load(task.id()).changedSeq()).isEqualTo(after.changedSeq());
    }

    @Test
    void aPurgedTaskLeavesATombstone() {
        Task task = finish(ready());
        ChangeCursor before = store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 1)).asOf();
        append(new TaskEvent.Purged(task.id(), now(), "eve"));
        assertThat(store.load(task.id())).isEmpty();
        assertThat(all(TaskFilter.ALL, 10)).isEmpty();
        assertThat(changes(before, 10).changes())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.task()).isEqualTo(task.id());
                    assertThat(change.record()).isNull();
                });
        refused(Reason.STALE, () -> append(new TaskEvent.Purged(task.id(), now(), "eve")));
    }

    @Test
    void anUnfinishedTaskCannotBePurged() {
        Task task = ready();
        submit(task);
        refused(Reason.STALE, () -> append(new TaskEvent.Purged(task.id(), now(), "eve")));
    }

    @Test
    void aCursorOfAnotherIncarnationHasExpired() {
        assertThat(store.changes(DOMAIN, new ChangeCursor(new UUID(5, 5), 0), 10))
                .isInstanceOf(ChangePage.Expired.class);
        assertThat(changes(beginning(), 10).changes()).isEmpty();
    }

    @Test
    void aRandomHistoryIsFollowedByItsChanges(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        Map<TaskId, TaskPhase> model = new HashMap<>();
        Map<TaskId, TaskPhase> follower = new HashMap<>();
        List<Task> known = new ArrayList<>();
        ChangeCursor cursor = beginning();
        int steps = opened.durable() ? STEPS / 10 : STEPS;
        for (int step = 0; step < steps; step++) {
            if (known.isEmpty() || random.nextInt(4) == 0) {
                Task task = ready();
                known.add(task);
                submit(task);
                model.put(task.id(), TaskPhase.READY);
            } else {
                advance(known.get(random.nextInt(known.size())), model, random);
            }
            if (random.nextInt(10) == 0) {
                cursor = follow(cursor, follower, 1 + random.nextInt(9));
            }
        }
        follow(cursor, follower, 100);
        assertThat(follower).as("seed %d", seed).isEqualTo(model);
        assertThat(new HashSet<>(all(TaskFilter.ALL, 50))).isEqualTo(model.keySet());
    }

    private void advance(Task task, Map<TaskId, TaskPhase> model, Random random) {
        TaskPhase phase = model.get(task.id());
        if (phase == null) {
            refused(Reason.STALE, () -> append(started(task, 1)));
        } else if (phase == TaskPhase.COMPLETED) {
            append(new TaskEvent.Purged(task.id(), now(), "eve"));
            model.remove(task.id());
        } else if (phase == TaskPhase.RUNNING) {
            append(completed(task, 1));
            model.put(task.id(), TaskPhase.COMPLETED);
        } else if (random.nextBoolean()) {
            append(started(task, 1));
            model.put(task.id(), TaskPhase.RUNNING);
        } else {
            append(started(task, 1), completed(task, 1));
            model.put(task.id(), TaskPhase.COMPLETED);
        }
    }

    private ChangeCursor follow(ChangeCursor from, Map<TaskId, TaskPhase> follower, int pageSize) {
        ChangeCursor cursor = from;
        ChangePage.Changes page;
        do {
            page = changes(cursor, pageSize);
            for (ChangePage.TaskChange change : page.changes()) {
                TaskRecord record = change.record();
                if (record == null) {
                    follower.remove(change.task());
                } else {
                    follower.put(change.task(), record.task().phase());
                }
            }
            cursor = page.next();
        } while (page.more());
        return cursor;
    }
}
