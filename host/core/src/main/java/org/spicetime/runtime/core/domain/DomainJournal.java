// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * What a domain writes to the store: its own changes, and the tasks that have an idempotency key,
 * when they are admitted and when they have ended. Thread-safe; {@link #finished} is called inside
 * the guard, the others without it, because they wait for the store.
 */
final class DomainJournal {

    private static final Logger LOG = LoggerFactory.getLogger(DomainJournal.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String HOST = "host";

    private final DomainBody body;

    /* Phase of stored, unfinished tasks as the store knows it. Guarded by the guard. */
    private final Map<TaskId, TaskPhase> stored = new HashMap<>();

    private volatile Lease lease;
    private volatile boolean used;

    DomainJournal(DomainBody body, Lease lease) {
        this.body = body;
        this.lease = lease;
    }

    /** The lease of a start: the one of the creation, and for each further start the next. */
    Lease takeOver(Duration validFor) {
        if (used) {
            lease = body.node.store().acquire(body.id(), body.node.host(), validFor);
        }
        used = true;
        return lease;
    }

    /** Writes changes of the domain and waits until they hold. */
    void write(List<StoreEvent> events) {
        settle(body.node.store().append(lease, events));
    }

    /** Hands events to the store and does not wait for it. */
    void append(List<StoreEvent> events) {
        body.node
                .store()
                .append(lease, events)
                .whenComplete((ack, failure) -> {
                    if (failure != null) {
                        LOG.warn("domain={}: {} was not stored", body.id(), events, failure);
                    }
                });
    }

    /** Writes an admitted task that has a key, and waits until it holds. */
    void admitted(Task task, InputHash hash) {
        Task first = inFirstPhase(task);
        body.guard.enter();
        try {
            stored.put(task.id(), first.phase());
        } finally {
            body.guard.leave();
        }
        long bytes = task.request().payload() == null ? 0 : task.request().payload().size();
        Reservation room = body.node.store().reserve(body.id(), 1, bytes);
        settle(
                body.node
                        .store()
                        .append(
                                lease,
                                List.of(
                                        new TaskEvent.Submitted(
                                                first, 0, hash, null, releaseOf(task))),
                                room));
        if (task.phase().isFinal()) {
            ended(task);
        }
    }

    private static @Nullable Release releaseOf(Task task) {
        TaskRelease release = task.release();
        return release == null ? null : new Release(release.schedule(), release.nominal());
    }

    /* A task may have gone on, or failed by its dependencies, before it is written. */
    private static Task inFirstPhase(Task task) {
        TaskPhase phase =
                switch (task.phase()) {
                    case SCHEDULED, WAITING_DEPENDENCY, READY -> task.phase();
                    default ->
                            task.request().dependencies().isEmpty()
                                    ? TaskPhase.READY
                                    : TaskPhase.WAITING_DEPENDENCY;
                };
        return new Task(
                task.id(),
                task.domain(),
                task.request(),
                task.handler(),
                task.durability(),
                task.priority(),
                task.effectivePriority(),
                task.deadline(),
                phase,
                0,
                task.createdAt(),
                task.createdAt(),
                task.dependencies(),
                task.metrics(),
                task.deadlineMissed(),
                task.progress(),
                null,
                null,
                task.release());
    }

    /** A task has ended; a stored one is written off as soon as the guard is free. */
    void finished(TaskEntry entry) {
        TaskId id = entry.taskId();
        if (stored.containsKey(id)) {
            body.guard.afterwards(() -> body.tasks.task(id).ifPresent(this::ended));
        }
    }

    private void ended(Task task) {
        TaskPhase known;
        body.guard.enter();
        try {
            known = stored.remove(task.id());
        } finally {
            body.guard.leave();
        }
        if (known != null && task.phase().isFinal()) {
            body.node
                    .store()
                    .append(lease, endOf(task, known))
                    .whenComplete((ack, failure) -> {
                        if (failure != null) {
                            LOG.warn(
                                    "domain={} task={}: its end was not stored",
                                    body.id(),
                                    task.id(),
                                    failure);
                        }
                    });
        }
    }

    private List<StoreEvent> endOf(Task task, TaskPhase known) {
        Instant at = task.updatedAt();
        List<StoreEvent> events = new ArrayList<>();
        @Nullable Claim claim = task.attempt() == 0 ? null : lease.claim(task.attempt());
        if (claim != null) {
            bringToReady(task, known, at, events);
            events.add(new TaskEvent.Started(task.id(), at, claim));
        }
        Ending ending = new Ending(task.metrics(), List.of(new Transition(at, task.phase(), HOST)));
        if (task.phase() == TaskPhase.COMPLETED) {
            events.add(
                    new TaskEvent.Completed(
                            task.id(),
                            at,
                            Objects.requireNonNull(claim, "claim"),
                            task.result(),
                            ending));
            return events;
        }
        RuntimeError error = Objects.requireNonNull(task.error(), "error of a failed task");
        events.add(
                switch (task.phase()) {
                    case TIMED_OUT -> new TaskEvent.TimedOut(task.id(), at, claim, error, ending);
                    case CANCELLED ->
                            new TaskEvent.Cancelled(task.id(), at, claim, HOST, error, ending);
                    default -> new TaskEvent.Failed(task.id(), at, claim, error, ending);
                });
        return events;
    }

    private static void bringToReady(
            Task task, TaskPhase known, Instant at, List<StoreEvent> events) {
        if (known == TaskPhase.SCHEDULED) {
            events.add(new TaskEvent.BecameReady(task.id(), at, 0));
        } else if (known == TaskPhase.WAITING_DEPENDENCY) {
            List<TaskDependency> dependencies = task.dependencies();
            for (int i = 0; i < dependencies.size(); i++) {
                events.add(
                        new TaskEvent.DependencyResolved(
                                task.id(),
                                at,
                                dependencies.get(i).task(),
                                i == dependencies.size() - 1
                                        ? TaskPhase.READY
                                        : TaskPhase.WAITING_DEPENDENCY));
            }
        }
    }

    private void settle(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(RequestErrorCode.SHUTTING_DOWN, "the host stops");
        } catch (TimeoutException e) {
            throw unknown(
                    RequestErrorCode.REQUEST_TIMEOUT,
                    "the store did not answer within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw refusalOf(e.getCause() instanceof StoreException s ? s : null, e);
        }
    }

    private RefusedException refusalOf(@Nullable StoreException refused, Exception cause) {
        LOG.error("domain={}: the store refused a change", body.id(), cause);
        if (refused != null && refused.reason().outcomeUnknown()) {
            return unknown(RequestErrorCode.REQUEST_TIMEOUT, String.valueOf(refused.getMessage()));
        }
        return new RefusedException(
                RequestErrorCode.READ_ONLY,
                "domain \""
                        + body.id()
                        + "\": the change could not be stored: "
                        + (refused == null ? "the log tells why" : refused.getMessage()),
                Map.of("domain", body.id().value()));
    }

    private static RefusedException unknown(RequestErrorCode code, String why) {
        return new RefusedException(
                code,
                why + "; whether the change holds is unknown, send it again with the same key",
                Map.of("outcome", "UNKNOWN"));
    }
}
