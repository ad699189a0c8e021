// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;

/**
 * A kernel with a clock in the test's hand, and everything it told. Called by one thread at a time.
 */
public final class Fixture implements KernelListener {
    public static final DomainId DOMAIN = DomainId.of("test");

    public final DomainKernel kernel;
    public final List<TaskEntry> finished = new ArrayList<>();
    public final List<PolicyEjection> ejections = new ArrayList<>();
    final List<String> stops = new ArrayList<>();
    final List<TaskEntry> asked = new ArrayList<>();
    final List<TaskEntry> missed = new ArrayList<>();
    final List<TaskEntry> ending = new ArrayList<>();
    final List<TaskEntry> left = new ArrayList<>();
    final List<TaskPhase> phases = new ArrayList<>();
    int ready;

    private final SplittableRandom random = new SplittableRandom(7);
    private long nanos;
    private Instant utcAtZero = Instant.parse("2026-01-01T00:00:00Z");

    public Fixture() {
        this(KernelSettings.basic(2));
    }

    public Fixture(KernelSettings settings) {
        kernel = new DomainKernel(DOMAIN, settings, this, new SplittableRandom(1));
    }

    public Now now() {
        return new Now(nanos, utcAtZero.plusNanos(nanos));
    }

    public void pass(Duration span) {
        nanos += span.toNanos();
        kernel.advance(now());
    }

    void passUnnoticed(Duration span) {
        nanos += span.toNanos();
    }

    void jump(Duration step) {
        utcAtZero = utcAtZero.plus(step);
        kernel.clockJumped(now());
    }

    public static TaskRequest.Builder task() {
        return TaskRequest.of(TaskType.COMPUTATION);
    }

    static DependencyRequest on(TaskEntry entry, DependencyType type) {
        return on(entry, type, Duration.ZERO);
    }

    static DependencyRequest on(TaskEntry entry, DependencyType type, Duration timeout) {
        return new DependencyRequest(new TaskRef.Existing(entry.taskId()), type, timeout);
    }

    static DependencyRequest onBatch(int index) {
        return DependencyRequest.success(new TaskRef.InBatch(index));
    }

    public TaskId newId() {
        return TaskId.of(now().instant(), random);
    }

    public TaskEntry admit(TaskRequest.Builder request) {
        return admitAll(request).getFirst();
    }

    List<TaskEntry> admitAll(TaskRequest.Builder... requests) {
        return admitAll(Arrays.asList(requests));
    }

    public List<TaskEntry> admitAll(List<TaskRequest.Builder> requests) {
        return kernel.admit(
                requests.stream()
                        .map(request -> new Admission(newId(), request.build(), "noop"))
                        .toList(),
                now());
    }

    /** With a store that survives; tasks are stored unless they say otherwise. */
    static Fixture durable() {
        KernelSettings basic = KernelSettings.basic(2);
        return new Fixture(
                new KernelSettings(
                        basic.priorities(),
                        basic.queuePolicy(),
                        3,
                        2,
                        0,
                        1000,
                        Durability.DURABLE,
                        true));
    }

    /** Prepares a batch of tasks. */
    List<TaskEntry> prepare(TaskRequest.Builder... requests) {
        return kernel.prepare(
                Arrays.stream(requests)
                        .map(request -> new Admission(newId(), request.build(), "noop"))
                        .toList(),
                now());
    }

    /** Admits one task, in two steps. */
    TaskEntry admitted(TaskRequest.Builder request) {
        List<TaskEntry> prepared = prepare(request);
        kernel.publish(prepared, now());
        return prepared.getFirst();
    }

    /** A task as the store gives it back, when the state was this. */
    Restored stored(TaskEntry entry, TaskPhase phase, int attemptsLeft, @Nullable Instant readyAt) {
        Instant changedAt = kernel.snapshot(entry, now()).updatedAt();
        return stored(entry, phase, attemptsLeft, changedAt, readyAt, Map.of());
    }

    /**
     * As above.
     *
     * @param changedAt when it came into this phase
     * @param others tasks of other domains, or that have ended, that it waits for
     */
    Restored stored(
            TaskEntry entry,
            TaskPhase phase,
            int attemptsLeft,
            Instant changedAt,
            @Nullable Instant readyAt,
            Map<TaskId, ForeignTask> others) {
        Task now = kernel.snapshot(entry, now());
        Task task =
                new Task(
                        now.id(),
                        now.domain(),
                        now.request(),
                        now.handler(),
                        now.durability(),
                        now.priority(),
                        now.effectivePriority(),
                        now.deadline(),
                        phase,
                        1 + now.request().maxRetries() - attemptsLeft,
                        now.createdAt(),
                        changedAt,
                        now.dependencies(),
                        now.metrics(),
                        false,
                        now.progress(),
                        phase == TaskPhase.COMPLETED ? Payload.json("1") : null,
                        null,
                        null);
        TaskRecord record =
                new TaskRecord(
                        task,
                        entry.number,
                        entry.number,
                        0,
                        phase == TaskPhase.SUSPENDED ? TaskPhase.READY : null,
                        readyAt,
                        null,
                        attemptsLeft,
                        null,
                        null,
                        "eve",
                        List.of());
        return new Restored(record, new Admission(task.id(), task.request(), "noop", others));
    }

    /** Stores what has ended, in order. */
    void store() {
        for (int i = 0; i < ending.size(); i++) kernel.stored(ending.get(i), now());
        ending.clear();
    }

    public TaskEntry pick() {
        TaskEntry entry = kernel.pick(0, now());
        assertThat(entry).as("a task that can be dispatched").isNotNull();
        return java.util.Objects.requireNonNull(entry);
    }

    void nothingToPick() {
        assertThat(kernel.pick(0, now())).isNull();
    }

    public void succeed(TaskEntry entry) {
        kernel.finished(entry, new Outcome.Succeeded(null), now());
    }

    void fail(TaskEntry entry) {
        kernel.finished(
                entry,
                new Outcome.Failed(RuntimeErrorCode.SCHEDULER_ERROR, "broke", Map.of(), true),
                now());
    }

    /** Runs this task, which must be the next. */
    void run(TaskEntry entry) {
        assertThat(pick()).isSameAs(entry);
        succeed(entry);
    }

    Task task(TaskEntry entry) {
        return kernel.task(entry.taskId(), now()).orElseThrow();
    }

    @Override
    public void changed(TaskEntry entry) {
        phases.add(entry.phase());
    }

    @Override
    public void becameReady(int count) {
        ready += count;
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        stops.add(entry.taskId() + " " + why);
    }

    @Override
    public void giveWay(TaskEntry entry) {
        asked.add(entry);
    }

    @Override
    public void ending(TaskEntry entry) {
        ending.add(entry);
    }

    @Override
    public void left(TaskEntry entry) {
        left.add(entry);
    }

    @Override
    public void finished(TaskEntry entry) {
        finished.add(entry);
    }

    @Override
    public void missedDeadline(TaskEntry entry) {
        missed.add(entry);
    }

    @Override
    public void policyEjected(PolicyEjection ejection) {
        ejections.add(ejection);
    }
}
