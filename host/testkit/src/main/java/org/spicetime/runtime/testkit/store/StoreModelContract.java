// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Random histories of all events against a plain model. The seed is published; {@code
 * -Dtest.seed=N} repeats a run, {@code -Dtest.long=true} makes it fifty times as long.
 */
public abstract class StoreModelContract extends AttemptContract {

    private static final int STEPS = Boolean.getBoolean("test.long") ? 25_000 : 500;

    /** For subclasses. */
    protected StoreModelContract() {}

    private static Random seeded(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        return new Random(seed);
    }

    @Test
    void aRandomHistoryOfAllEventsEndsAsTheModelSays(TestReporter reporter) {
        Random random = seeded(reporter);
        StoreModel model = new StoreModel(random, this);
        Map<TaskId, TaskPhase> follower = new HashMap<>();
        ChangeCursor cursor = new ChangeCursor(lease.incarnation(), 0);
        for (int step = 0; step < STEPS; step++) {
            pass(Duration.ofMillis(1 + random.nextInt(2000)));
            if (model.order.isEmpty() || random.nextInt(8) == 0) {
                long rank = random.nextInt(20);
                Task task = model.newTask();
                append(lease, 1, List.of(submitted(task, rank)));
                model.admitted(task, rank);
            } else if (random.nextInt(60) == 0) {
                lease = store.acquire(DOMAIN, HOST, VALID);
                model.takenOver();
            } else {
                batch(model, random);
            }
            if (random.nextInt(20) == 0) {
                cursor = follow(cursor, follower, 1 + random.nextInt(9));
            }
        }
        follow(cursor, follower, 50);
        compare(model, follower);
    }

    /* Some events of different tasks: all hold, or none if one is illegal. */
    private void batch(StoreModel model, Random random) {
        Set<StoreModel.Known> chosen = new LinkedHashSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            chosen.add(model.any());
        }
        List<StoreEvent> events = new ArrayList<>();
        List<Runnable> effects = new ArrayList<>();
        for (StoreModel.Known known : chosen) {
            StoreModel.Drawn drawn = model.draw(known, lease, now());
            events.add(drawn.event());
            if (drawn.effect() != null) {
                effects.add(drawn.effect());
            }
        }
        StoreEvent[] all = events.toArray(StoreEvent[]::new);
        if (effects.size() == events.size()) {
            append(all);
            effects.forEach(Runnable::run);
        } else {
            refused(Reason.STALE, () -> append(all));
        }
    }

    private void compare(StoreModel model, Map<TaskId, TaskPhase> follower) {
        Map<TaskId, TaskPhase> expected = new HashMap<>();
        Map<TaskPhase, Long> unfinished = new HashMap<>();
        for (StoreModel.Known known : model.order) {
            TaskId id = known.task.id();
            if (known.purged) {
                assertThat(store.load(id)).isEmpty();
                continue;
            }
            expected.put(id, known.phase);
            if (!known.phase.isFinal()) {
                unfinished.merge(known.phase, 1L, Long::sum);
            }
            check(known, load(id));
        }
        assertThat(follower).isEqualTo(expected);
        assertThat(store.unfinished(DOMAIN)).isEqualTo(unfinished);
        assertThat(store.count(DOMAIN, TaskFilter.ALL)).hasValue(expected.size());
        lists(model);
        dependants(model);
    }

    private static void check(StoreModel.Known known, TaskRecord stored) {
        assertThat(stored.task().phase()).isEqualTo(known.phase);
        assertThat(stored.phaseBefore()).isEqualTo(known.before);
        assertThat(stored.task().attempt()).isEqualTo(known.attempt);
        assertThat(stored.attemptsLeft()).isEqualTo(known.left);
        assertThat(stored.task().priority()).isEqualTo(known.priority);
        assertThat(stored.rank()).isEqualTo(known.rank);
        assertThat(stored.task().deadlineMissed()).isEqualTo(known.missed);
        assertThat(stored.task().request()).isEqualTo(known.task.request());
        if (known.phase == TaskPhase.SCHEDULED) {
            assertThat(stored.readyAt()).isEqualTo(known.readyAt);
        }
    }

    private void lists(StoreModel model) {
        List<QueuedRef> head = store.head(DOMAIN, RankCursor.START, 1000);
        assertThat(head)
                .extracting(QueuedRef::task)
                .containsExactlyElementsOf(
                        model.order.stream()
                                .filter(known -> !known.purged && known.phase == TaskPhase.READY)
                                .sorted(Comparator.comparingLong(known -> known.rank))
                                .map(known -> known.task.id())
                                .toList());
        List<TaskId> paged = new ArrayList<>();
        RankCursor after = RankCursor.START;
        List<QueuedRef> page = store.head(DOMAIN, after, 3);
        while (!page.isEmpty()) {
            page.forEach(ref -> paged.add(ref.task()));
            page = store.head(DOMAIN, page.getLast().cursor(), 3);
        }
        assertThat(paged).isEqualTo(head.stream().map(QueuedRef::task).toList());
        assertThat(store.held(DOMAIN, 0, 1000))
                .extracting(QueuedRef::task)
                .containsExactlyElementsOf(
                        model.order.stream()
                                .filter(known ->
                                        !known.purged
                                                && !known.phase.isFinal()
                                                && known.phase != TaskPhase.READY)
                                .map(known -> known.task.id())
                                .toList());
        List<QueuedRef> due = store.due(DOMAIN, 1000);
        assertThat(due)
                .isSortedAccordingTo(
                        Comparator.comparing(
                                QueuedRef::readyAt,
                                Comparator.nullsFirst(Comparator.naturalOrder())));
        assertThat(due)
                .extracting(QueuedRef::task)
                .containsExactlyInAnyOrderElementsOf(
                        model.order.stream()
                                .filter(known ->
                                        !known.purged
                                                && (known.phase == TaskPhase.SCHEDULED
                                                        || known.phase == TaskPhase.RETRY_WAIT))
                                .map(known -> known.task.id())
                                .toList());
    }

    private void dependants(StoreModel model) {
        for (StoreModel.Known on : model.order) {
            assertThat(store.dependants(on.task.id()))
                    .containsExactlyInAnyOrderElementsOf(
                            model.order.stream()
                                    .filter(known ->
                                            !known.purged
                                                    && !known.phase.isFinal()
                                                    && known.open.contains(on.task.id()))
                                    .map(known -> known.task.id())
                                    .toList());
        }
    }

    @Test
    void whatIsListedAndFollowedWhileOthersWriteIsComplete(TestReporter reporter) throws Exception {
        Random random = seeded(reporter);
        int writers = 2;
        int each = 60;
        List<List<Task>> shares = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            List<Task> share = new ArrayList<>();
            for (int j = 0; j < each; j++) {
                share.add(ready());
            }
            shares.add(share);
        }
        long seed = random.nextLong();
        Map<TaskId, TaskPhase> follower = new HashMap<>();
        ChangeCursor cursor;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> writing = new ArrayList<>();
            for (List<Task> share : shares) {
                writing.add(threads.submit(() -> write(share, new Random(seed))));
            }
            cursor = list(follower);
            while (writing.stream().anyMatch(writer -> !writer.isDone())) {
                cursor = follow(cursor, follower, 7);
                list(new HashMap<>());
            }
            for (Future<?> writer : writing) {
                writer.get();
            }
        }
        follow(cursor, follower, 7);
        Map<TaskId, TaskPhase> stored = new HashMap<>();
        list(stored);
        assertThat(follower).isEqualTo(stored);
    }

    private void write(List<Task> tasks, Random random) {
        List<CompletionStage<Ack>> stages = new ArrayList<>();
        for (Task task : tasks) {
            stages.add(
                    store.append(
                            lease,
                            List.of(submitted(task, random.nextInt(9))),
                            store.reserve(DOMAIN, 1, 100)));
            stages.add(store.append(lease, List.of(started(task, 1))));
            if (random.nextBoolean()) {
                stages.add(store.append(lease, List.of(completed(task, 1))));
                if (random.nextBoolean()) {
                    stages.add(
                            store.append(
                                    lease, List.of(new TaskEvent.Purged(task.id(), now(), "eve"))));
                }
            }
            if (random.nextInt(4) == 0) {
                await(stages.getLast());
            }
        }
        stages.forEach(StoreFixture::await);
    }

    /** Reads all pages, and where to go on from: nothing after it may be missed. */
    private ChangeCursor list(Map<TaskId, TaskPhase> into) {
        TaskRange range = TaskRange.newest(TaskFilter.ALL, 10);
        ChangeCursor first = store.query(DOMAIN, range).asOf();
        Set<Long> numbers = new HashSet<>();
        TaskSlice slice;
        do {
            slice = store.query(DOMAIN, range);
            for (TaskRecord record : slice.items()) {
                assertThat(record.changedSeq())
                        .as("no row is newer than the page says")
                        .isLessThanOrEqualTo(slice.asOf().changedSeq());
                assertThat(into.put(record.task().id(), record.task().phase()))
                        .as("no task is listed twice")
                        .isNull();
                numbers.add(record.seq());
            }
            if (!slice.items().isEmpty()) {
                range =
                        range.after(
                                TaskPlace.of(slice.items().getLast().task(), range.order(), true));
            }
        } while (slice.more());
        assertThat(numbers).hasSameSizeAs(new TreeSet<>(into.keySet()));
        return first;
    }

    private ChangeCursor follow(ChangeCursor from, Map<TaskId, TaskPhase> follower, int size) {
        ChangeCursor cursor = from;
        ChangePage.Changes page;
        do {
            page = (ChangePage.Changes) store.changes(DOMAIN, cursor, size);
            long last = cursor.changedSeq();
            for (ChangePage.TaskChange change : page.changes()) {
                assertThat(change.cursor().changedSeq()).as("oldest first").isGreaterThan(last);
                last = change.cursor().changedSeq();
                if (change.record() == null) {
                    follower.remove(change.task());
                } else {
                    follower.put(change.task(), change.record().task().phase());
                }
            }
            cursor = page.next();
        } while (page.more());
        return cursor;
    }
}
