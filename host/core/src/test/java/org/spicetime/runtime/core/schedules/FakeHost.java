// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.task.Now;

/** A domain that admits what it is told to, on a clock the test sets. */
final class FakeHost implements ScheduleHost {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final Map<TaskId, Task> admitted = new LinkedHashMap<>();
    final Set<TaskId> ended = new HashSet<>();
    final Set<TaskId> waiting = new HashSet<>();
    final List<ScheduleEvent> events = new ArrayList<>();
    boolean admits = true;
    @Nullable RefusedException refusal;
    @Nullable RefusedException notGuaranteed;
    long rearmed;

    /* Whether stores answer only when the test has them lose what they were given. */
    boolean storesLate;
    final List<Runnable> late = new ArrayList<>();

    private final SplittableRandom random = new SplittableRandom(3);
    private Instant utc = START;
    private long nanos;

    /** Lets time pass on both clocks. */
    void pass(Duration span) {
        nanos += span.toNanos();
        utc = utc.plus(span);
    }

    /** Sets the wall clock. */
    void jump(Duration span) {
        utc = utc.plus(span);
    }

    List<Long> numbers() {
        return releases().stream().map(TaskRelease::number).toList();
    }

    List<TaskRelease> releases() {
        List<TaskRelease> releases = new ArrayList<>();
        for (Task task : admitted.values()) {
            if (task.release() != null) releases.add(task.release());
        }
        return releases;
    }

    List<TaskId> tasks() {
        return List.copyOf(admitted.keySet());
    }

    @Override
    public DomainId domain() {
        return DomainId.of("fake");
    }

    @Override
    public Now now() {
        return new Now(nanos, utc);
    }

    @Override
    public boolean admits() {
        return admits;
    }

    @Override
    public void check(TaskRequest request) {
        if (refusal != null) throw refusal;
    }

    @Override
    public void guarantee(UUID schedule, Map<UUID, ScheduleRequest> all) {
        if (notGuaranteed != null) throw notGuaranteed;
    }

    @Override
    public void changed(Supplier<Map<UUID, ScheduleRequest>> all) {}

    @Override
    public Admitted admit(
            TaskRequest request,
            TaskRelease release,
            Duration period,
            Function<TaskId, ScheduleEvent> advanced) {
        if (refusal != null) throw refusal;
        Task task = task(request, release);
        events.add(advanced.apply(task.id()));
        CompletableFuture<Task> stored = new CompletableFuture<>();
        if (storesLate)
            late.add(() -> stored.completeExceptionally(new IllegalStateException("lost")));
        else stored.complete(task);
        return new Admitted(task.id(), stored);
    }

    private Task task(TaskRequest request, TaskRelease release) {
        boolean waits = !request.dependencies().isEmpty();
        Task task =
                new Task(
                        TaskId.of(utc, random),
                        domain(),
                        request,
                        "fake",
                        Durability.VOLATILE,
                        0,
                        0,
                        request.deadline(),
                        waits ? TaskPhase.WAITING_DEPENDENCY : TaskPhase.READY,
                        0,
                        utc,
                        utc,
                        List.of(),
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
                                0),
                        false,
                        OptionalDouble.empty(),
                        null,
                        null,
                        release);
        admitted.put(task.id(), task);
        if (waits) waiting.add(task.id());
        return task;
    }

    @Override
    public boolean unfinished(TaskId task) {
        return admitted.containsKey(task) && !ended.contains(task);
    }

    @Override
    public boolean waits(TaskId task) {
        return waiting.contains(task);
    }

    @Override
    public boolean cancel(TaskId task, String reason) {
        return ended.add(task);
    }

    @Override
    public void write(ScheduleEvent event) {
        events.add(event);
    }

    @Override
    public void append(ScheduleEvent event) {
        events.add(event);
    }

    @Override
    public void rearm(long at) {
        rearmed = at;
    }
}
