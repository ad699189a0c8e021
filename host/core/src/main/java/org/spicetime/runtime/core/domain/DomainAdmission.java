// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.plugins.HandlerPlugin;
import org.spicetime.runtime.core.schedules.Schedules;
import org.spicetime.runtime.kernel.task.Admission;
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

    /* One admission with keys at a time: between the look-up and the store no other one slips in. */
    private final ReentrantLock keyed = new ReentrantLock();

    private final Schedules schedules;
    private final Guarantees guarantees;

    DomainAdmission(DomainBody body) {
        this.body = body;
        guarantees = new Guarantees(body);
        schedules = new Schedules(new DomainSchedules(body, this));
    }

    /** What can be promised. */
    Guarantees guarantees() {
        return guarantees;
    }

    /** What releases tasks of this domain again and again. */
    Schedules schedules() {
        return schedules;
    }

    List<Task> admit(List<TaskRequest> requests) {
        if (requests.isEmpty() || requests.size() > LARGEST_BATCH) {
            throw RefusedException.outOfRange(
                    "inputs", requests.size(), "1 .. " + LARGEST_BATCH + " tasks");
        }
        body.checkExists();
        if (requests.size() > 1 && requests.stream().anyMatch(one -> one.period() != null)) {
            throw RefusedException.badInput(
                    "period", "a periodic task is asked for by itself, not in a batch");
        }
        boolean keys = requests.stream().anyMatch(request -> request.idempotencyKey() != null);
        return keys ? admitKeyed(requests) : admitNew(requests);
    }

    /** The tasks of these requests, if each has a key that is known: there is nothing to admit. */
    Optional<List<Task>> repeated(List<TaskRequest> requests) {
        if (requests.stream().anyMatch(request -> request.idempotencyKey() == null)) {
            return Optional.empty();
        }
        Map<Integer, TaskId> known = known(requests);
        if (known.size() < requests.size()) {
            return Optional.empty();
        }
        List<Task> tasks = new ArrayList<>(requests.size());
        known.forEach((index, id) -> tasks.add(present(id, requests.get(index))));
        return Optional.of(tasks);
    }

    private List<Task> admitKeyed(List<TaskRequest> requests) {
        keyed.lock();
        try {
            Map<Integer, TaskId> known = known(requests);
            Map<String, Integer> first = new HashMap<>();
            List<TaskRequest> fresh = new ArrayList<>();
            int[] place = new int[requests.size()];
            for (int i = 0; i < place.length; i++) {
                place[i] = placeOf(requests, i, known, first, fresh);
            }
            List<Task> admitted =
                    fresh.isEmpty()
                            ? List.of()
                            : admitNew(Relocation.relocated(fresh, place, known));
            for (Task task : admitted) {
                if (task.request().idempotencyKey() != null) {
                    body.journal.admitted(task, InputHashes.of(original(requests, task)));
                }
            }
            List<Task> answer = new ArrayList<>(place.length);
            for (int i = 0; i < place.length; i++) {
                TaskId id = known.get(i);
                answer.add(id == null ? admitted.get(place[i]) : present(id, requests.get(i)));
            }
            return answer;
        } finally {
            keyed.unlock();
        }
    }

    /* References into a batch are rewritten when a part of it is known; the hash covers what was sent. */
    private static TaskRequest original(List<TaskRequest> requests, Task task) {
        String key = Objects.requireNonNull(task.request().idempotencyKey());
        return requests.stream()
                .filter(request -> key.equals(request.idempotencyKey()))
                .findFirst()
                .orElse(task.request());
    }

    private Map<Integer, TaskId> known(List<TaskRequest> requests) {
        Map<Integer, TaskId> known = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            String key = requests.get(i).idempotencyKey();
            Optional<Known> found =
                    key == null ? Optional.empty() : body.node.store().known(body.id(), key);
            if (found.isPresent()) {
                if (!found.get().inputHash().equals(InputHashes.of(requests.get(i)))) {
                    throw otherContent(key, i, requests.size());
                }
                known.put(i, found.get().task());
            }
        }
        return known;
    }

    private RefusedException otherContent(@Nullable String key, int index, int size) {
        RefusedException refusal =
                RefusedException.conflict(
                                "idempotencyKey: a task with other content was admitted to domain \""
                                        + body.id()
                                        + "\" under this key; use another key")
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
            if (!InputHashes.of(fresh.get(earlier)).equals(InputHashes.of(request))) {
                throw otherContent(key, i, requests.size());
            }
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

    /** Admits a release of a schedule. */
    Task admit(TaskRequest request, TaskRelease release, Duration period) {
        checkAdmits();
        Instant now = body.node.clock().instants().instant();
        return enter(List.of(admission(request, now, 0, 1, release, period))).getFirst();
    }

    /** Makes a schedule of which the answer is the first release. */
    private Task admitPeriodic(TaskRequest request, Duration period) {
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
                                    .build(),
                            period,
                            runAt != null && runAt.isAfter(now) ? runAt : null,
                            OverlapPolicy.SKIP,
                            MisfirePolicy.RUN_ONCE,
                            request.relativeDeadline(),
                            false);
        } catch (IllegalArgumentException malformed) {
            throw RefusedException.badInput("period", String.valueOf(malformed.getMessage()));
        }
        return schedules.createWith(id, schedule, release -> admit(request, release, period));
    }

    private static String beginning(String name, int reserved) {
        return name.substring(0, Math.min(name.length(), TaskRequest.MAX_NAME_LENGTH - reserved));
    }

    private List<Task> admitNew(List<TaskRequest> requests) {
        checkAdmits();
        Duration period = requests.getFirst().period();
        if (requests.size() == 1 && period != null) {
            return List.of(admitPeriodic(requests.getFirst(), period));
        }
        Instant now = body.node.clock().instants().instant();
        List<Admission> admissions = new ArrayList<>(requests.size());
        boolean foreign = false;
        for (int i = 0; i < requests.size(); i++) {
            Admission admission = admission(requests.get(i), now, i, requests.size(), null, null);
            foreign |= !admission.foreign().isEmpty();
            admissions.add(admission);
        }
        List<Task> admitted = enterGuaranteed(requests, admissions);
        if (foreign) {
            // What changed over there between the look and the admission was told to nobody.
            for (Admission admission : admissions) {
                admission.foreign().keySet().forEach(this::lookAgain);
            }
        }
        return admitted;
    }

    private List<Task> enterGuaranteed(List<TaskRequest> requests, List<Admission> admissions) {
        Runnable takeBack = guarantees.singles(requests, schedules::wanted);
        try {
            return enter(admissions);
        } catch (RuntimeException refused) {
            takeBack.run();
            throw refused;
        }
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

    private List<Task> enter(List<Admission> admissions) {
        body.guard.enter();
        try {
            checkAdmits();
            Now now = body.node.clock().now();
            return body.tasks.with(kernel -> {
                List<TaskEntry> entries = kernel.admit(admissions, now);
                if (entries.size() == 1) {
                    return List.of(kernel.snapshot(entries.getFirst(), now));
                }
                List<Task> tasks = new ArrayList<>(entries.size());
                for (TaskEntry entry : entries) {
                    tasks.add(kernel.snapshot(entry, now));
                }
                return tasks;
            });
        } finally {
            body.guard.leave();
        }
    }

    private void checkAdmits() {
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
                        .ifPresent(state -> foreign.put(id, state));
            }
        }
        return foreign;
    }

    private void lookAgain(TaskId id) {
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
