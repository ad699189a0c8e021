// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.PressureLevel;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/** A domain whose state a test sets; it records what it was asked for. */
final class FakeDomain extends FakeRecords {
    static final Instant CREATED = Instant.parse("2026-01-31T12:00:00Z");

    private final Random random = new Random(7);
    private final DomainId id;
    final Map<TaskId, Task> tasks = new LinkedHashMap<>();
    final List<RuntimeError> errors = new ArrayList<>();
    final List<ConfigPatch> patches = new CopyOnWriteArrayList<>();
    final List<TaskRequest> requests = new CopyOnWriteArrayList<>();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    final List<ResourceRequest> reservations = new CopyOnWriteArrayList<>();
    final List<ChangedBy> callers = new CopyOnWriteArrayList<>();
    final List<Consumer<? super Task>> taskListeners = new CopyOnWriteArrayList<>();
    final List<DomainListener> stateListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super ResourceAlert>> alertListeners = new CopyOnWriteArrayList<>();
    volatile DomainState state;
    volatile ResourceUsage resources = Samples.unknownUsage();
    volatile @Nullable RefusedException refusal;
    volatile @Nullable CompletableFuture<DomainState> pending;
    final AtomicInteger resourcesAsked = new AtomicInteger();
    volatile @Nullable Throwable defect;

    FakeDomain(String id) {
        this.id = DomainId.of(id);
        state =
                new DomainState(
                        this.id,
                        id,
                        null,
                        Map.of("team", "ethics"),
                        RuntimeStatus.RUNNING,
                        null,
                        Samples.config("PRIORITY", Duration.ZERO),
                        1,
                        "PRIORITY",
                        null,
                        "TLSF",
                        null,
                        CREATED,
                        CREATED,
                        UUID.randomUUID(),
                        new HostRef("host", new UUID(1, 2)),
                        1);
    }

    void status(RuntimeStatus status) {
        DomainState s = state;
        state =
                new DomainState(
                        s.id(),
                        s.name(),
                        s.description(),
                        s.labels(),
                        status,
                        s.statusReason(),
                        s.config(),
                        s.revision(),
                        s.activePolicy(),
                        s.policyEjection(),
                        s.activeAllocator(),
                        s.allocatorEjection(),
                        s.createdAt(),
                        s.startedAt(),
                        s.incarnation(),
                        s.owner(),
                        s.epoch());
        stateListeners.forEach(listener -> listener.changed(state));
    }

    void configured(DomainConfig config, String activePolicy) {
        DomainState s = state;
        state =
                new DomainState(
                        s.id(),
                        s.name(),
                        s.description(),
                        s.labels(),
                        s.status(),
                        s.statusReason(),
                        config,
                        s.revision() + 1,
                        activePolicy,
                        s.policyEjection(),
                        s.activeAllocator(),
                        s.allocatorEjection(),
                        s.createdAt(),
                        s.startedAt(),
                        s.incarnation(),
                        s.owner(),
                        s.epoch());
        stateListeners.forEach(listener -> listener.changed(state));
    }

    void put(Task task) {
        tasks.put(task.id(), task);
        taskListeners.forEach(listener -> listener.accept(task));
    }

    /** A task in this phase, not yet dispatched unless the phase says so. */
    Task task(TaskRequest request, TaskPhase phase) {
        boolean started = phase != TaskPhase.READY && phase != TaskPhase.SCHEDULED;
        TaskMetrics metrics =
                new TaskMetrics(
                        started ? CREATED.plusMillis(5) : null,
                        phase.isFinal() ? CREATED.plusMillis(25) : null,
                        started ? Duration.ofMillis(20) : null,
                        Duration.ofMillis(5),
                        7_654_321,
                        MeasurementAccuracy.EXACT,
                        4096,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        0);
        return task(request, phase, metrics);
    }

    Task task(TaskRequest request, TaskPhase phase, TaskMetrics metrics) {
        return new Task(
                TaskId.of(CREATED, random),
                id,
                request,
                request.handler() == null ? "digest" : request.handler(),
                Durability.VOLATILE,
                request.priority().orElse(50),
                request.priority().orElse(50),
                request.deadline(),
                phase,
                0,
                CREATED,
                CREATED,
                request.dependencies().stream()
                        .filter(d -> d.task() instanceof TaskRef.Existing)
                        .map(d ->
                                new TaskDependency(
                                        ((TaskRef.Existing) d.task()).id(),
                                        d.type(),
                                        d.timeout(),
                                        false))
                        .toList(),
                metrics,
                false,
                OptionalDouble.empty(),
                null,
                null,
                null);
    }

    @Override
    public DomainId id() {
        return id;
    }

    @Override
    public DomainState state() {
        return state;
    }

    private void fail() {
        switch (defect) {
            case Error planted -> throw planted;
            case RuntimeException planted -> throw planted;
            case null -> {}
            default -> throw new AssertionError("not to be thrown here");
        }
    }

    @Override
    public ResourceUsage resources() {
        resourcesAsked.incrementAndGet();
        fail();
        return resources;
    }

    @Override
    public MetricsSample sample() {
        fail();
        return Samples.metrics(id, CREATED);
    }

    @Override
    public List<MetricsSample> samples(Instant from, Instant to, Duration resolution) {
        asked.add("samples " + from + " " + to + " " + resolution);
        return List.of(Samples.metrics(id, from), Samples.metrics(id, to));
    }

    @Override
    public List<ExecutionSlice> timeline(@Nullable Instant from, @Nullable Instant to, int first) {
        asked.add("timeline " + from + " " + to + " " + first);
        UUID task = TaskId.of(CREATED, new Random(1)).value();
        return List.of(
                new ExecutionSlice(task, 1, CREATED.plusSeconds(1), Duration.ofSeconds(2), null),
                new ExecutionSlice(task, 0, CREATED, Duration.ofNanos(1500), SliceEnd.PREEMPTED));
    }

    @Override
    public Optional<ResourceAllocation> allocation() {
        return Optional.empty();
    }

    @Override
    public List<RuntimeError> errors(int limit) {
        return errors.stream().limit(limit).toList();
    }

    private Task known(TaskId task) {
        return Objects.requireNonNull(tasks.get(task));
    }

    @Override
    <T> CompletionStage<T> answer(T value) {
        RefusedException refused = refusal;
        return refused == null
                ? CompletableFuture.completedFuture(value)
                : CompletableFuture.failedFuture(refused);
    }

    @Override
    public CompletionStage<DomainState> configure(
            ConfigPatch patch, @Nullable Integer expectedRevision) {
        patches.add(patch);
        CompletableFuture<DomainState> waits = pending;
        return waits == null ? answer(state) : waits;
    }

    @Override
    public ConfigRehearsal rehearse(ConfigPatch patch, @Nullable Integer expectedRevision) {
        if (expectedRevision != null && expectedRevision != state.revision()) {
            throw RefusedException.conflict("the configuration has another revision");
        }
        patches.add(patch);
        return new ConfigRehearsal(
                Samples.config("FIFO", Duration.ofMillis(10)),
                List.of(new ConfigChange("scheduler.policy", "PRIORITY", "FIFO")));
    }

    @Override
    public Domain by(ChangedBy who) {
        callers.add(who);
        return this;
    }

    @Override
    public CompletionStage<ResourceAllocation> allocate(ResourceRequest request) {
        reservations.add(request);
        ResourceRequest.Cpu cpu = request.cpu();
        ResourceRequest.Memory memory = request.memory();
        return answer(
                new ResourceAllocation(
                        new UUID(3, 4),
                        id,
                        cpu == null
                                ? null
                                : new ResourceAllocation.CpuGrant(cpu.cores(), request.priority()),
                        memory == null
                                ? null
                                : new ResourceAllocation.MemoryGrant(memory.sizeBytes(), "TLSF"),
                        null,
                        request.priority(),
                        CREATED));
    }

    @Override
    public CompletionStage<DomainState> release(Set<ResourceKind> resources) {
        asked.add("release " + resources);
        return answer(state);
    }

    @Override
    public CompletionStage<DomainState> start() {
        return answer(state);
    }

    @Override
    public CompletionStage<DomainState> stop(boolean drain) {
        return answer(state);
    }

    @Override
    public CompletionStage<DomainState> drain() {
        return answer(state);
    }

    @Override
    public CompletionStage<DomainState> pause() {
        status(RuntimeStatus.PAUSED);
        return answer(state);
    }

    @Override
    public CompletionStage<DomainState> resume() {
        return answer(state);
    }

    @Override
    public CompletionStage<Task> schedule(TaskRequest request) {
        requests.add(request);
        Task task = task(request, TaskPhase.READY);
        if (refusal == null) put(task);
        return answer(task);
    }

    @Override
    public CompletionStage<List<Task>> scheduleAll(List<TaskRequest> all) {
        return scheduleAll(all, AdmissionGate.OPEN);
    }

    /* A key is known once a task came with it. */
    @Override
    public CompletionStage<List<Task>> scheduleAll(List<TaskRequest> all, AdmissionGate gate) {
        List<TaskRequest> fresh =
                all.stream()
                        .filter(request ->
                                request.idempotencyKey() == null
                                        || !keys.contains(request.idempotencyKey()))
                        .toList();
        try {
            if (!fresh.isEmpty()) gate.pass(fresh.size());
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        fresh.stream().map(TaskRequest::idempotencyKey).filter(Objects::nonNull).forEach(keys::add);
        requests.addAll(all);
        List<Task> admitted = all.stream().map(request -> task(request, TaskPhase.READY)).toList();
        if (refusal == null && admitted.size() == 1) put(admitted.getFirst());
        return answer(admitted);
    }

    @Override
    public Optional<Task> task(TaskId task) {
        return Optional.ofNullable(tasks.get(task));
    }

    @Override
    public List<Task> tasks(TaskFilter filter) {
        return tasks.values().stream()
                .filter(t -> filter.ids().isEmpty() || filter.ids().contains(t.id()))
                .limit(filter.limit().orElse(1000))
                .toList();
    }

    @Override
    public List<Task> dependents(TaskId task) {
        return List.copyOf(tasks.values());
    }

    @Override
    public CompletionStage<Task> cancel(TaskId task, @Nullable String reason) {
        return answer(known(task));
    }

    @Override
    public CompletionStage<Task> retry(TaskId task, boolean cascade) {
        return answer(known(task));
    }

    @Override
    public CompletionStage<Task> changePriority(TaskId task, int priority) {
        return answer(known(task));
    }

    @Override
    public CompletionStage<Task> suspend(TaskId task) {
        return answer(known(task));
    }

    @Override
    public CompletionStage<Task> resume(TaskId task) {
        return answer(known(task));
    }

    @Override
    public CompletionStage<CollectionReport> collectGarbage(boolean compact) {
        return answer(
                new CollectionReport(
                        1, 2, Duration.ofNanos(3500), Duration.ofHours(1), resources.memory()));
    }

    @Override
    public CompletionStage<MemoryMetrics> swapOut(OptionalLong bytes) {
        asked.add("swapOut " + bytes);
        return answer(
                resources
                        .memory()
                        .with(
                                PressureLevel.LOW,
                                OptionalDouble.of(0.25),
                                OptionalDouble.of(0.125)));
    }

    @Override
    public MemoryMap memoryMap(int owners) {
        TaskId task =
                tasks.keySet().stream().findFirst().orElseGet(() -> TaskId.of(CREATED, random));
        return new MemoryMap(
                CREATED,
                List.of(
                        new MemoryMap.Zone(0, 1 << 20, 4096, 2, (1 << 20) - 4096, "TLSF", false),
                        new MemoryMap.Zone(1, 1 << 20, 32, 1, 1 << 19, "BUDDY", true)),
                List.of(
                        new MemoryMap.Owner(task, 4096, 1L << 40),
                        new MemoryMap.Owner(null, 32, 1)),
                List.of(new MemoryMap.OverduePin(task, 4096, CREATED)));
    }

    @Override
    public Watch watchTask(TaskId task, Consumer<? super Task> listener) {
        Task now = tasks.get(task);
        if (now == null) throw RefusedException.notFound("task", task);
        listener.accept(now);
        return watch(taskListeners, listener);
    }

    @Override
    public Watch watch(DomainListener listener) {
        listener.changed(state);
        stateListeners.add(listener);
        return () -> stateListeners.remove(listener);
    }

    @Override
    public Watch watchResources(double threshold, Consumer<? super ResourceAlert> listener) {
        return watch(alertListeners, listener);
    }

    static <T> Watch watch(List<Consumer<? super T>> listeners, Consumer<? super T> one) {
        listeners.add(one);
        return () -> listeners.remove(one);
    }
}
