// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Random lives of tasks, with stops of the store in between, against a model that knows the exact
 * phase and attempt of each. The clock jumps about: neither the order of things nor what is kept
 * may depend on it. {@code -Dtest.seed=N} repeats a run, {@code -Dtest.long=true} goes on for
 * {@code -Dtest.minutes}; where it stops is then not of the seed, what it does until then is.
 */
class ModelTest {

    private static final long SEED = Seed.ofTest();
    private static final int STEPS = 2_500;

    /** How long it goes on when there are no steps any more. */
    private static final int MINUTES = Extent.of("minutes", 0, 10);

    private static final int MOST_TASKS = 400;

    private final Progress progress = new Progress();
    private long restarts;
    private long submitted;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final SplittableRandom ids = new SplittableRandom(SEED + 1);
    private final Map<TaskId, Expected> model = new HashMap<>();
    private final List<TaskId> order = new ArrayList<>();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @SuppressWarnings("NullAway.Init") // set by restart
    private TaskStore store;

    @SuppressWarnings("NullAway.Init") // set by restart
    private Lease lease;

    private @Nullable Lease former;

    /** What a task must be. Called by one thread at a time. */
    private static final class Expected {
        private TaskPhase phase = TaskPhase.READY;
        private int attempt;
        private int attemptsLeft = 1 + SampleTask.RETRIES;
        private CrashPolicy onCrash = CrashPolicy.RETRY;
    }

    @Test
    void random_lives_with_restarts_and_jumps_of_the_clock_are_as_the_model_has_them() {
        System.out.println("model of the store, seed " + SEED);
        restart();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        int step = 0;
        for (; step < STEPS || System.nanoTime() - end < 0; step++) {
            int done = step;
            progress.at(
                    () -> "%d steps, %d restarts, %d tasks".formatted(done, restarts, submitted));
            int what = random.nextInt(1000);
            if (what < 4) {
                store.close();
                restart();
                compareAll();
            } else if (what < 8) {
                now = now.plus(Duration.ofHours(random.nextInt(-72, 73)));
            } else if (what < 12) {
                refusedAsFenced();
            } else if (what < 200 && order.size() < MOST_TASKS) {
                submit(1 + random.nextInt(4));
            } else if (!order.isEmpty()) {
                advance(order.get(random.nextInt(order.size())));
            }
            now = now.plusMillis(random.nextInt(100));
        }
        compareAll();
        store.close();
        assertThat(StoreUnderTest.integrity(directory)).isEqualTo("ok");
        System.out.printf(
                "model of the store, seed %d: %d steps, %d restarts, %d tasks%n",
                SEED, step, restarts, submitted);
    }

    private void restart() {
        restarts++;
        former = lease;
        store = StoreUnderTest.open(directory, () -> now, true);
        lease = store.acquire(StoreUnderTest.KEPT, StoreUnderTest.HOST, Duration.ofMinutes(1));
        model.values().forEach(ModelTest::settle);
    }

    private static void settle(Expected task) {
        if (task.phase == TaskPhase.CANCELLING) {
            task.phase = TaskPhase.CANCELLED;
        } else if (task.phase == TaskPhase.RUNNING) {
            task.phase =
                    switch (task.onCrash) {
                        case ASK -> TaskPhase.SUSPENDED;
                        case FAIL -> TaskPhase.FAILED;
                        case RETRY ->
                                task.attemptsLeft > 0 ? TaskPhase.RETRY_WAIT : TaskPhase.FAILED;
                    };
        }
    }

    private void submit(int count) {
        List<StoreEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TaskId id = TaskId.of(now, ids);
            TaskEvent.Submitted event =
                    SampleTask.submitted(id, StoreUnderTest.KEPT, now, random.nextInt(9));
            events.add(event);
            Expected expected = new Expected();
            expected.onCrash = event.admitted().request().onCrash();
            model.put(id, expected);
            submitted++;
            order.add(id);
        }
        try (Reservation room = store.reserve(StoreUnderTest.KEPT, count, 2048L * count)) {
            await(store.append(lease, events, room).toCompletableFuture());
        }
    }

    private void advance(TaskId id) {
        Expected task = expected(id);
        switch (task.phase) {
            case READY -> fromReady(id, task);
            case RUNNING -> fromRunning(id, task);
            case CANCELLING -> append(task, TaskPhase.CANCELLED, cancelled(id, task.attempt));
            case RETRY_WAIT -> append(task, TaskPhase.READY, new TaskEvent.BecameReady(id, now, 1));
            case SUSPENDED ->
                    append(
                            task,
                            TaskPhase.READY,
                            new TaskEvent.Resumed(id, now, "tester", TaskPhase.READY));
            case FAILED, CANCELLED -> {
                if (random.nextBoolean()) {
                    purge(id);
                } else {
                    append(
                            task,
                            TaskPhase.READY,
                            new TaskEvent.Retried(id, now, "tester", 2, TaskPhase.READY, 5));
                    task.attemptsLeft = 2;
                }
            }
            case COMPLETED -> {
                if (random.nextBoolean()) {
                    purge(id);
                } else {
                    refused(started(id, task.attempt + 1), StoreException.Reason.STALE);
                }
            }
            default -> throw new AssertionError("the model is never " + task.phase);
        }
    }

    private void fromReady(TaskId id, Expected task) {
        int attempt = task.attempt + 1;
        switch (random.nextInt(6)) {
            case 0 -> append(task, TaskPhase.CANCELLED, cancelled(id, 0));
            case 1 -> append(task, TaskPhase.SUSPENDED, new TaskEvent.Suspended(id, now, "tester"));
            case 2 -> refused(completed(id, attempt), StoreException.Reason.STALE);
            case 3 -> {
                begin(task);
                append(task, TaskPhase.COMPLETED, started(id, attempt), completed(id, attempt));
            }
            default -> {
                begin(task);
                append(task, TaskPhase.RUNNING, started(id, attempt));
            }
        }
    }

    private static void begin(Expected task) {
        task.attempt++;
        task.attemptsLeft = Math.max(0, task.attemptsLeft - 1);
    }

    private void fromRunning(TaskId id, Expected task) {
        switch (random.nextInt(5)) {
            case 0 ->
                    append(
                            task,
                            TaskPhase.CANCELLING,
                            new TaskEvent.CancelRequested(id, now, "tester", "no need"));
            case 1 ->
                    append(
                            task,
                            TaskPhase.RETRY_WAIT,
                            new TaskEvent.RetryAt(
                                    id,
                                    now,
                                    lease.claim(task.attempt),
                                    now.plusSeconds(1),
                                    SampleTask.error(id, StoreUnderTest.KEPT),
                                    SampleTask.cost()));
            case 2 ->
                    append(
                            task,
                            TaskPhase.FAILED,
                            new TaskEvent.Failed(
                                    id,
                                    now,
                                    lease.claim(task.attempt),
                                    SampleTask.error(id, StoreUnderTest.KEPT),
                                    SampleTask.ending(TaskPhase.FAILED, now)));
            default -> append(task, TaskPhase.COMPLETED, completed(id, task.attempt));
        }
    }

    private void purge(TaskId id) {
        append(expected(id), TaskPhase.COMPLETED, new TaskEvent.Purged(id, now, "tester"));
        model.remove(id);
        order.remove(id);
    }

    private TaskEvent.Started started(TaskId id, int attempt) {
        return new TaskEvent.Started(id, now, lease.claim(attempt));
    }

    private TaskEvent.Completed completed(TaskId id, int attempt) {
        return new TaskEvent.Completed(
                id,
                now,
                lease.claim(attempt),
                SampleTask.payload(id),
                SampleTask.ending(TaskPhase.COMPLETED, now));
    }

    private TaskEvent.Cancelled cancelled(TaskId id, int attempt) {
        return new TaskEvent.Cancelled(
                id,
                now,
                attempt == 0 ? null : lease.claim(attempt),
                "tester",
                SampleTask.error(id, StoreUnderTest.KEPT),
                SampleTask.ending(TaskPhase.CANCELLED, now));
    }

    private void append(Expected task, TaskPhase after, TaskEvent... events) {
        await(store.append(lease, List.of(events)).toCompletableFuture());
        task.phase = after;
    }

    private void refused(TaskEvent event, StoreException.Reason reason) {
        assertThat(refusal(lease, event)).as("seed %d: %s", SEED, event).isEqualTo(reason);
    }

    /** A former owner is refused whatever it says. */
    private void refusedAsFenced() {
        Lease old = former;
        if (old != null && !order.isEmpty()) {
            TaskId any = order.get(random.nextInt(order.size()));
            TaskEvent event = new TaskEvent.DeadlineMissed(any, now);
            assertThat(refusal(old, event)).isEqualTo(StoreException.Reason.FENCED);
        }
    }

    private StoreException.@Nullable Reason refusal(Lease under, TaskEvent event) {
        try {
            await(store.append(under, List.of(event)).toCompletableFuture());
            return null;
        } catch (StoreException e) {
            return e.reason();
        }
    }

    private static void await(CompletableFuture<?> stage) {
        try {
            stage.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private Expected expected(TaskId id) {
        Expected task = model.get(id);
        if (task == null) {
            throw new AssertionError("the model does not know " + id);
        }
        return task;
    }

    private void compareAll() {
        model.forEach((id, expected) -> {
            Optional<TaskRecord> found = store.load(id);
            assertThat(found).as("seed %d: task %s", SEED, id).isPresent();
            TaskRecord record = found.get();
            assertThat(record.task().phase())
                    .as("seed %d: phase of %s", SEED, id)
                    .isEqualTo(expected.phase);
            assertThat(record.task().attempt())
                    .as("seed %d: attempt of %s", SEED, id)
                    .isEqualTo(expected.attempt);
            assertThat(record.attemptsLeft())
                    .as("seed %d: attempts left of %s", SEED, id)
                    .isEqualTo(expected.attemptsLeft);
            assertThat(SampleTask.difference(record.task())).as("seed %d: %s", SEED, id).isNull();
        });
        assertThat(store.count(StoreUnderTest.KEPT, TaskFilter.ALL)).hasValue(model.size());
    }
}
