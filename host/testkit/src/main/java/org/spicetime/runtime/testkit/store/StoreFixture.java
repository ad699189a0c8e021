// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** An open store with a clock of its own, and the words the contract is written in. */
public abstract class StoreFixture {

    static final DomainId DOMAIN = DomainId.of("scoring");
    static final HostRef HOST = new HostRef("host-1", new UUID(1, 1));
    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    static final Duration VALID = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Random ids = new Random(7);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    TaskStore store;
    OpenReport opened;
    Lease lease;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected StoreFixture() {}

    /**
     * The store under test.
     *
     * @return a new store that is not open; several may be made for one test, one after the other
     */
    protected abstract TaskStore newStore();

    @BeforeEach
    void openStore() {
        store = newStore();
        opened = open(store);
        lease = store.acquire(DOMAIN, HOST, VALID);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    final OpenReport open(TaskStore unopened) {
        return unopened.open(new OpenOptions(directory, HOST, now::get));
    }

    final Instant now() {
        return now.get();
    }

    /** Lets time pass. */
    final void pass(Duration span) {
        now.updateAndGet(instant -> instant.plus(span));
    }

    final TaskId newId() {
        return TaskId.of(now(), ids);
    }

    /** A task in its first phase. */
    final Task task(TaskPhase phase, UnaryOperator<TaskRequest.Builder> request) {
        TaskRequest asked = request.apply(TaskRequest.of(TaskType.COMPUTATION)).build();
        return new Task(
                newId(),
                DOMAIN,
                asked,
                asked.handler() == null ? "digest.data" : asked.handler(),
                Durability.DURABLE,
                asked.priority().orElse(5),
                asked.priority().orElse(5),
                asked.deadline(),
                phase,
                0,
                now(),
                now(),
                asked.dependencies().stream()
                        .map(edge ->
                                new TaskDependency(
                                        new TaskId(UUID.fromString(edge.task().toString())),
                                        edge.type(),
                                        edge.timeout(),
                                        false))
                        .toList(),
                NO_COST,
                false,
                OptionalDouble.empty(),
                null,
                null,
                null);
    }

    static final TaskMetrics NO_COST =
            new TaskMetrics(
                    null,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    MeasurementAccuracy.EXACT,
                    0,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    0);

    final Task ready() {
        return task(TaskPhase.READY, request -> request);
    }

    static DependencyRequest on(Task task) {
        return DependencyRequest.success(new TaskRef.Existing(task.id()));
    }

    static InputHash hash(int content) {
        return new InputHash("%064x".formatted(content));
    }

    static TaskEvent.Submitted submitted(Task task, long rank) {
        return new TaskEvent.Submitted(
                task,
                rank,
                task.request().idempotencyKey() == null ? null : hash(1),
                "1.0.0",
                null);
    }

    /** Admits tasks, each with its rank being its place. */
    final void submit(Task... tasks) {
        List<StoreEvent> events = new ArrayList<>();
        for (Task task : tasks) {
            events.add(submitted(task, events.size()));
        }
        append(lease, tasks.length, events);
    }

    final Ack append(Lease under, int tasks, List<StoreEvent> events) {
        try (Reservation room = store.reserve(under.domain(), tasks, 1024)) {
            return await(store.append(under, events, room));
        }
    }

    final Ack append(StoreEvent... events) {
        return await(store.append(lease, List.of(events)));
    }

    static Ack await(java.util.concurrent.CompletionStage<Ack> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof StoreException refused) {
                throw refused;
            }
            throw new AssertionError("an append fails with a StoreException only", e);
        } catch (TimeoutException e) {
            throw new AssertionError("an append did not complete within 30 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The append is refused for this reason. */
    static void refused(StoreException.Reason reason, Runnable append) {
        assertThat(refusal(append)).as("reason of the refusal").isEqualTo(reason);
    }

    private static StoreException.@Nullable Reason refusal(Runnable append) {
        try {
            append.run();
            return null;
        } catch (StoreException refused) {
            return refused.reason();
        }
    }

    final TaskRecord load(TaskId id) {
        return store.load(id).orElseThrow(() -> new AssertionError("task " + id + " is gone"));
    }

    final TaskPhase phase(Task task) {
        return load(task.id()).task().phase();
    }

    final TaskEvent.Started started(Task task, int attempt) {
        return new TaskEvent.Started(task.id(), now(), lease.claim(attempt));
    }

    final Ending ending(TaskPhase phase) {
        return new Ending(NO_COST, List.of(new Transition(now(), phase, "host")));
    }

    final TaskEvent.Completed completed(Task task, int attempt) {
        return new TaskEvent.Completed(
                task.id(),
                now(),
                lease.claim(attempt),
                Payload.json("{\"ok\":true}"),
                ending(TaskPhase.COMPLETED));
    }

    final TaskEvent.Failed failed(Task task) {
        return new TaskEvent.Failed(
                task.id(), now(), null, error(task.id()), ending(TaskPhase.FAILED));
    }

    static RuntimeError error(TaskId task) {
        return new RuntimeError(
                RuntimeErrorCode.SCHEDULER_ERROR, "it failed", DOMAIN.value(), task, Map.of());
    }

    /** Admits, starts and completes a task. */
    final Task finish(Task task) {
        submit(task);
        append(started(task, 1), completed(task, 1));
        return task;
    }

    final void finish(int count, Consumer<Task> each) {
        for (int i = 0; i < count; i++) {
            each.accept(finish(ready()));
        }
    }
}
