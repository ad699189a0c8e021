// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.journal.StoreRefusals;
import org.spicetime.runtime.core.plugins.HandlerPlugin;
import org.spicetime.runtime.core.schedules.ScheduleHost;
import org.spicetime.runtime.core.schedules.Schedules;
import org.spicetime.runtime.kernel.task.Admission;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Takes tasks into a domain, all of a batch or none. Known idempotency keys come before every other
 * check. Thread-safe.
 */
final class DomainAdmission {

    /** Most tasks of one batch. */
    static final int LARGEST_BATCH = 1000;

    private final DomainBody body;

    /** Bytes of a stored task beside its payload, about. */
    private static final int TEXTS = 512;

    private final AdmissionKeys keys = new AdmissionKeys();
    private final Schedules schedules;
    private final Guarantees guarantees;

    DomainAdmission(DomainBody body) {
        this.body = body;
        guarantees = new Guarantees(body);
        schedules = new Schedules(new DomainSchedules(body, this));
        body.mediator.whenWithdrawn(entries -> entries.forEach(keys::forget));
    }

    /** What can be promised. */
    Guarantees guarantees() {
        return guarantees;
    }

    /** What releases tasks of this domain again and again. */
    Schedules schedules() {
        return schedules;
    }

    /**
     * Admits all of these requests or none. Stored tasks are answered when their admission is
     * durable.
     *
     * @param gate that new ones must pass
     * @throws RefusedException at once, or by the stage
     */
    CompletionStage<List<Task>> admit(List<TaskRequest> requests, AdmissionGate gate) {
        if (requests.isEmpty() || requests.size() > LARGEST_BATCH) {
            throw RefusedException.outOfRange(
                    "inputs", requests.size(), "1 .. " + LARGEST_BATCH + " tasks");
        }
        body.checkExists();
        if (requests.size() > 1 && requests.stream().anyMatch(one -> one.period() != null)) {
            throw RefusedException.badInput(
                    "period", "a periodic task is asked for by itself, not in a batch");
        }
        for (TaskRequest request : requests) {
            if (request.idempotencyKey() != null) {
                return admitKeyed(requests, gate);
            }
        }
        gate.pass(requests.size());
        return admitNew(requests, Map.of());
    }

    /** The tasks of these requests, if each has a key that is known: there is nothing to admit. */
    Optional<List<Task>> repeated(List<TaskRequest> requests) {
        if (requests.stream().anyMatch(request -> request.idempotencyKey() == null)) {
            return Optional.empty();
        }
        Map<Integer, TaskId> known = known(requests, hashes(requests));
        if (known.size() < requests.size()) {
            return Optional.empty();
        }
        List<Task> tasks = new ArrayList<>(requests.size());
        known.forEach((index, id) -> tasks.add(present(id, requests.get(index))));
        return Optional.of(tasks);
    }

    private static Map<String, InputHash> hashes(List<TaskRequest> requests) {
        Map<String, InputHash> hashes = new HashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            String key = requests.get(i).idempotencyKey();
            if (key != null) {
                InputHash hash = InputHashes.of(requests.get(i));
                InputHash other = hashes.putIfAbsent(key, hash);
                if (other != null && !other.equals(hash)) {
                    throw otherContent(key, i, requests.size());
                }
            }
        }
        return hashes;
    }

    /*
     * Between the look-up and the commit nobody else admits under the same keys; whoever wants to
     * looks again afterwards, and so does who finds that another process or an admission in doubt
     * had been faster.
     */
    private CompletionStage<List<Task>> admitKeyed(List<TaskRequest> requests, AdmissionGate gate) {
        Map<String, InputHash> hashes = hashes(requests);
        CompletionStage<?> busy = keys.claim(hashes.keySet());
        if (busy != null) {
            return busy.handle((done, failure) -> requests)
                    .thenCompose(again -> admitAgain(again, gate));
        }
        CompletionStage<List<Task>> answer;
        try {
            answer = admitClaimed(requests, hashes, gate);
        } catch (RuntimeException refused) {
            keys.release(hashes.keySet());
            throw refused;
        }
        return answer.handle(
                        (tasks, failure) -> {
                            keys.release(hashes.keySet());
                            return failure == null ? tasks : lost(requests, failure);
                        })
                .thenCompose(tasks ->
                        tasks == null
                                ? admitAgain(requests, gate)
                                : CompletableFuture.completedFuture(tasks));
    }

    /* Null: another one was faster. */
    private static @Nullable List<Task> lost(List<TaskRequest> requests, Throwable failure) {
        Throwable cause = StoreRefusals.causeOf(failure);
        if (cause instanceof StoreException refused
                && refused.reason() == StoreException.Reason.DUPLICATE_KEY) {
            return null;
        }
        throw cause instanceof RuntimeException known
                ? known
                : new CompletionException("the admission of " + requests.size() + " tasks", cause);
    }

    private CompletionStage<List<Task>> admitAgain(List<TaskRequest> requests, AdmissionGate gate) {
        try {
            return admitKeyed(requests, gate);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletionStage<List<Task>> admitClaimed(
            List<TaskRequest> requests, Map<String, InputHash> hashes, AdmissionGate gate) {
        Map<Integer, TaskId> known = known(requests, hashes);
        Map<String, Integer> first = new HashMap<>();
        List<TaskRequest> fresh = new ArrayList<>();
        int[] place = new int[requests.size()];
        for (int i = 0; i < place.length; i++) {
            place[i] = placeOf(requests, i, known, first, fresh);
        }
        if (!fresh.isEmpty()) {
            gate.pass(fresh.size());
        }
        CompletionStage<List<Task>> admitted =
                fresh.isEmpty()
                        ? CompletableFuture.completedFuture(List.of())
                        : admitNew(Relocation.relocated(fresh, place, known), hashes);
        return admitted.thenApply(tasks -> {
            List<Task> answer = new ArrayList<>(place.length);
            for (int i = 0; i < place.length; i++) {
                TaskId id = known.get(i);
                answer.add(id == null ? tasks.get(place[i]) : present(id, requests.get(i)));
            }
            return answer;
        });
    }

    private Map<Integer, TaskId> known(List<TaskRequest> requests, Map<String, InputHash> hashes) {
        Map<Integer, TaskId> known = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            String key = requests.get(i).idempotencyKey();
            Optional<Known> found = key == null ? Optional.empty() : known(key);
            if (found.isPresent()) {
                if (!found.get().inputHash().equals(hashes.get(key))) {
                    throw otherContent(key, i, requests.size());
                }
                known.put(i, found.get().task());
            }
        }
        return known;
    }

    private Optional<Known> known(String key) {
        try {
            return keys.known(key).or(() -> body.node.store().known(body.id(), key));
        } catch (StoreException unreadable) {
            throw StoreRefusals.of(body.id(), unreadable);
        }
    }

    private static RefusedException otherContent(@Nullable String key, int index, int size) {
        RefusedException refusal =
                RefusedException.conflict(
                                "idempotencyKey: a task with other content was admitted under this"
                                        + " key; use another key")
                        .with("reason", "IDEMPOTENCY")
                        .with("idempotencyKey", String.valueOf(key));
        return size == 1 ? refusal : refusal.with("index", index);
    }

    /** Index among the fresh requests; -1: known. The same key twice is one task. */
    private int placeOf(
            List<TaskRequest> requests,
            int i,
            Map<Integer, TaskId> known,
            Map<String, Integer> first,
            List<TaskRequest> fresh) {
        if (known.containsKey(i)) {
            return -1;
        }
        TaskRequest request = requests.get(i);
        String key = request.idempotencyKey();
        Integer earlier = key == null ? null : first.putIfAbsent(key, fresh.size());
        if (earlier != null) {
            return earlier;
        }
        fresh.add(request);
        return fresh.size() - 1;
    }

    private Task present(TaskId id, TaskRequest request) {
        return body.tasks
                .task(id)
                .or(() -> body.node.store().load(id).map(TaskRecord::task))
                .orElseThrow(() ->
                        RefusedException.conflict(
                                "the task admitted under idempotencyKey \""
                                        + request.idempotencyKey()
                                        + "\" is not kept any more"));
    }

    /**
     * Admits a release of a schedule, together with what the schedule remembers of it.
     *
     * @param advanced what that is, of the task with this id
     * @return the task's id at once; the stage tells whether the admission holds
     */
    ScheduleHost.Admitted admit(
            TaskRequest request,
            TaskRelease release,
            Duration period,
            Function<TaskId, ScheduleEvent> advanced) {
        return admit(request, Map.of(), release, period, advanced);
    }

    private ScheduleHost.Admitted admit(
            TaskRequest request,
            Map<String, InputHash> hashes,
            TaskRelease release,
            Duration period,
            Function<TaskId, ScheduleEvent> advanced) {
        Durability standard = checkAdmits();
        Instant now = body.node.clock().instants().instant();
        Admission admission = admission(request, now, 0, 1, release, period);
        return new ScheduleHost.Admitted(
                admission.id(),
                enter(List.of(admission), standard, hashes, List.of(advanced.apply(admission.id())))
                        .thenApply(List::getFirst));
    }

    /** Makes a schedule of which the answer is the first release. */
    private CompletionStage<Task> admitPeriodic(
            TaskRequest request, Map<String, InputHash> hashes, Duration period) {
        Instant now = body.node.clock().instants().instant();
        UUID id = UUID.randomUUID();
        String name = request.name() == null ? request.type().name() : request.name();
        String suffix = " #" + id.toString().substring(0, 8);
        Instant runAt = request.runAt();
        ScheduleRequest schedule;
        try {
            schedule =
                    new ScheduleRequest(
                            beginning(name, suffix.length()) + suffix,
                            request.toBuilder()
                                    .period(null)
                                    .runAt(null)
                                    .relativeDeadline(null)
                                    .idempotencyKey(null)
                                    .traceId(null)
                                    .build(),
                            Recurrence.every(period),
                            runAt != null && runAt.isAfter(now) ? runAt : null,
                            OverlapPolicy.SKIP,
                            MisfirePolicy.RUN_ONCE,
                            request.relativeDeadline(),
                            false);
        } catch (IllegalArgumentException malformed) {
            throw RefusedException.badInput("period", String.valueOf(malformed.getMessage()));
        }
        return schedules.createWith(
                id,
                schedule,
                (release, advanced) -> admit(request, hashes, release, period, advanced));
    }

    private static String beginning(String name, int reserved) {
        return name.substring(0, Math.min(name.length(), TaskRequest.MAX_NAME_LENGTH - reserved));
    }

    private CompletionStage<List<Task>> admitNew(
            List<TaskRequest> requests, Map<String, InputHash> hashes) {
        Durability standard = checkAdmits();
        Duration period = requests.getFirst().period();
        if (requests.size() == 1 && period != null) {
            return admitPeriodic(requests.getFirst(), hashes, period).thenApply(List::of);
        }
        Instant now = body.node.clock().instants().instant();
        List<Admission> admissions = new ArrayList<>(requests.size());
        boolean foreign = false;
        for (int i = 0; i < requests.size(); i++) {
            Admission admission = admission(requests.get(i), now, i, requests.size(), null, null);
            foreign |= !admission.foreign().isEmpty();
            admissions.add(admission);
        }
        Runnable takeBack = guarantees.singles(requests, schedules::wanted);
        CompletionStage<List<Task>> admitted;
        try {
            admitted = enter(admissions, standard, hashes, List.of());
        } catch (RuntimeException refused) {
            takeBack.run();
            throw refused;
        }
        boolean look = foreign;
        return admitted.whenComplete((tasks, failure) -> {
            if (failure != null) {
                takeBack.run();
            } else if (look) {
                // What changed over there between the look and the admission was told to nobody.
                for (Admission admission : admissions) {
                    admission.foreign().keySet().forEach(this::lookAgain);
                }
            }
        });
    }

    /* What could never be kept for the task is refused now, not when it is about to run. */
    private void checkMemory(TaskRequest request) {
        if (request.memory().isEmpty()) {
            return;
        }
        ResourceAllocation grant = body.allocation();
        long pool = body.config().memory().poolSizeBytes();
        long most =
                grant == null || grant.memory() == null
                        ? pool
                        : Math.min(pool, grant.memory().sizeBytes());
        long wanted = request.memory().getAsLong();
        if (wanted > most) {
            throw RefusedException.exhausted(
                            "memory: %d bytes are to be kept for the task, the pool of domain \"%s\" has %d"
                                    .formatted(wanted, body.id(), most),
                            wanted,
                            most)
                    .with("field", "memory");
        }
        body.pressure.check(request);
    }

    private CompletionStage<List<Task>> enter(
            List<Admission> admissions,
            Durability standard,
            Map<String, InputHash> hashes,
            List<StoreEvent> also) {
        Reservation room = reserve(admissions, standard);
        if (room == null) {
            return CompletableFuture.completedFuture(enterVolatile(admissions, hashes, also));
        }
        body.guard.enter();
        try {
            checkAdmits();
            Now now = body.tasks.now();
            return body.tasks.with(kernel -> {
                List<TaskEntry> entries = kernel.prepare(admissions, now);
                List<StoreEvent> events = new ArrayList<>(entries.size() + also.size());
                for (TaskEntry entry : entries) {
                    if (entry.durability() == Durability.DURABLE) {
                        events.add(submitted(kernel.snapshot(entry, now), entry, hashes));
                    } else {
                        keys.remember(entry, hashes, now.instant());
                    }
                }
                events.addAll(also);
                return body.journal.admit(entries, events, room, () -> snapshots(kernel, entries));
            });
        } catch (RuntimeException refused) {
            room.close();
            throw refused;
        } finally {
            body.guard.leave();
        }
    }

    private List<Task> enterVolatile(
            List<Admission> admissions, Map<String, InputHash> hashes, List<StoreEvent> also) {
        body.guard.enter();
        try {
            checkAdmits();
            Now now = body.tasks.now();
            return body.tasks.with(kernel -> {
                List<TaskEntry> entries = kernel.admit(admissions, now);
                also.forEach(body.journal::also);
                if (!hashes.isEmpty()) {
                    entries.forEach(entry -> keys.remember(entry, hashes, now.instant()));
                }
                return snapshots(kernel, entries);
            });
        } finally {
            body.guard.leave();
        }
    }

    private List<Task> snapshots(DomainKernel kernel, List<TaskEntry> entries) {
        Now now = body.node.clock().now();
        if (entries.size() == 1) {
            return List.of(kernel.snapshot(entries.getFirst(), now));
        }
        List<Task> tasks = new ArrayList<>(entries.size());
        for (TaskEntry entry : entries) {
            tasks.add(kernel.snapshot(entry, now));
        }
        return tasks;
    }

    private TaskEvent.Submitted submitted(
            Task task, TaskEntry entry, Map<String, InputHash> hashes) {
        String key = entry.request().idempotencyKey();
        TaskRelease release = entry.release();
        return new TaskEvent.Submitted(
                task,
                body.tasks.rank(entry),
                key == null ? null : hashes.get(key),
                null,
                release == null ? null : new Release(release.schedule(), release.nominal()));
    }

    /* Null: none of them is stored. */
    private @Nullable Reservation reserve(List<Admission> admissions, Durability standard) {
        int stored = 0;
        long bytes = 0;
        for (Admission admission : admissions) {
            TaskRequest request = admission.request();
            Durability asked = request.durability();
            if ((asked == null ? standard : asked) == Durability.DURABLE) {
                Payload payload = request.payload();
                bytes += TEXTS + (payload == null ? 0 : payload.size());
                stored++;
            }
        }
        if (stored == 0 || !body.node.durable()) {
            return null;
        }
        body.journal.checkWritable();
        try {
            return body.node.store().reserve(body.id(), stored, bytes);
        } catch (StoreException full) {
            throw StoreRefusals.of(body.id(), full);
        }
    }

    /** What is done with a task that does not say how durable it is to be. */
    private Durability checkAdmits() {
        body.guard.enter();
        try {
            body.checkExists();
            if (!body.life.admits()) {
                throw RefusedException.conflict(
                                "domain \""
                                        + body.id()
                                        + "\" is "
                                        + body.life.status()
                                        + " and admits no tasks; "
                                        + (body.life.holdsResources() ? "resume" : "start")
                                        + " it first")
                        .with("status", body.life.status().name());
            }
            return body.standardDurability();
        } finally {
            body.guard.leave();
        }
    }

    private Admission admission(
            TaskRequest request,
            Instant now,
            int index,
            int size,
            @Nullable TaskRelease release,
            @Nullable Duration period) {
        try {
            HandlerPlugin handler = body.node.deployed().handlerOf(request);
            Payload payload = request.payload();
            handler.check(payload);
            checkMemory(request);
            return new Admission(
                            body.node.ids().next(now),
                            request,
                            handler.name(),
                            foreign(request),
                            release,
                            period == null ? TaskEntry.NEVER : period.toNanos())
                    .withLocks(handler.descriptor().locks());
        } catch (RefusedException refusal) {
            throw size == 1 ? refusal : refusal.with("index", index);
        }
    }

    private Map<TaskId, ForeignTask> foreign(TaskRequest request) {
        if (request.dependencies().isEmpty()) {
            return Map.of();
        }
        Map<TaskId, ForeignTask> foreign = new HashMap<>();
        for (DependencyRequest dependency : request.dependencies()) {
            if (dependency.task() instanceof TaskRef.Existing(TaskId id)
                    && !body.tasks.with(kernel -> kernel.entry(id).isPresent())) {
                body.node
                        .siblings()
                        .ownerOf(id)
                        .filter(owner -> owner.body() != body)
                        .flatMap(owner -> owner.body().tasks.watches().await(id, body.id()))
                        .or(() -> storedOnly(id))
                        .ifPresent(state -> foreign.put(id, state));
            }
        }
        return foreign;
    }

    /* One that has ended and is no longer in memory. */
    private Optional<ForeignTask> storedOnly(TaskId id) {
        try {
            return body.node
                    .store()
                    .load(id)
                    .map(TaskRecord::task)
                    .map(task ->
                            new ForeignTask(
                                    task.domain(),
                                    task.phase(),
                                    task.attempt() > 0,
                                    task.result()));
        } catch (StoreException unreadable) {
            throw StoreRefusals.of(body.id(), unreadable);
        }
    }

    void lookAgain(TaskId id) {
        body.node
                .siblings()
                .ownerOf(id)
                .flatMap(owner -> owner.body().tasks.watches().await(id, body.id()))
                .ifPresent(state -> foreignChanged(id, state));
    }

    /** A task of another domain has changed. */
    void foreignChanged(TaskId id, ForeignTask state) {
        body.tasks.run((kernel, now) -> {
            if (kernel.awaits(id)) {
                kernel.foreignChanged(id, state, now);
            }
        });
    }
}
