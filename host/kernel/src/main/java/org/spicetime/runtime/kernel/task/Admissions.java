// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/** Lets checked batches in. Guarded by the caller. */
final class Admissions {
    private final Lifecycle lifecycle;
    private final PriorityRange range;
    private long lastNumber;

    Admissions(Lifecycle lifecycle, PriorityRange range) {
        this.lifecycle = lifecycle;
        this.range = range;
    }

    List<TaskEntry> admit(List<Admission> batch, KernelSettings settings, Now now) {
        List<TaskEntry> entries = prepare(batch, settings, now);
        publish(entries, now);
        return entries;
    }

    /** Checks a batch and keeps room for it; nobody sees it before {@link #publish}. */
    List<TaskEntry> prepare(List<Admission> batch, KernelSettings settings, Now now) {
        AdmissionCheck check = new AdmissionCheck(settings, lifecycle.table, now);
        check.check(batch);
        List<TaskEntry> entries = new ArrayList<>(batch.size());
        for (Admission admission : batch) entries.add(entry(admission, check, now));
        for (int i = 0; i < batch.size(); i++) link(batch.get(i), entries.get(i), entries);
        for (TaskEntry entry : entries) entry.phase = firstPhase(entry, now);
        lifecycle.table.prepared += entries.size();
        for (TaskEntry entry : entries) lifecycle.table.preparedIds.add(entry.id);
        return entries;
    }

    /** Brings stored tasks back; nobody sees them before {@link #publish}. */
    List<TaskEntry> restore(List<Restored> tasks, Now now) {
        List<TaskEntry> entries = new ArrayList<>(tasks.size());
        for (Restored task : tasks) {
            TaskEntry entry = Restoration.entry(task, ++lastNumber, range, now);
            entry.foreign = task.admission().foreign();
            entries.add(entry);
        }
        Map<TaskId, TaskEntry> others = Restoration.byId(entries);
        for (int i = 0; i < tasks.size(); i++)
            Restoration.link(entries.get(i), tasks.get(i), others, lifecycle.table);
        lifecycle.table.prepared += entries.size();
        for (TaskEntry entry : entries) lifecycle.table.preparedIds.add(entry.id);
        return entries;
    }

    /** Drops prepared tasks as if they had never been asked for. */
    void withdraw(List<TaskEntry> prepared) {
        lifecycle.table.prepared -= prepared.size();
        for (TaskEntry entry : prepared) lifecycle.table.preparedIds.remove(entry.id);
    }

    /** Lets prepared tasks in, by what their prerequisites are now. */
    void publish(List<TaskEntry> prepared, Now now) {
        lifecycle.table.prepared -= prepared.size();
        for (TaskEntry entry : prepared) lifecycle.table.preparedIds.remove(entry.id);
        for (TaskEntry entry : prepared) enter(entry, now);
        for (TaskEntry entry : prepared)
            for (Dependency dependency : entry.dependencies) await(dependency, now);
        for (TaskEntry entry : prepared) look(entry, now);
        for (TaskEntry entry : prepared) {
            entry.foreign = Map.of();
            if (entry.isOver()) continue;
            lifecycle.settle(entry, now);
            lifecycle.inheritance.raise(entry, now);
            lifecycle.locks.ceilingsMoved(entry, now);
        }
        for (TaskEntry entry : prepared)
            if (entry.restored) lifecycle.dependencies.adopt(entry, now);
    }

    private TaskEntry entry(Admission admission, AdmissionCheck check, Now now) {
        TaskRequest request = admission.request();
        TaskEntry entry =
                new TaskEntry(
                        admission,
                        ++lastNumber,
                        check.priorityOf(request),
                        check.durabilityOf(request),
                        check.deadlineOf(request),
                        range,
                        now);
        entry.foreign = admission.foreign();
        return entry;
    }

    /* What it waits for first; a prerequisite that failed already ends it when it is let in. */
    private static TaskPhase firstPhase(TaskEntry entry, Now now) {
        for (Dependency dependency : entry.dependencies)
            if (!dependency.satisfied) return TaskPhase.WAITING_DEPENDENCY;
        Instant runAt = entry.request.runAt();
        return runAt != null && runAt.isAfter(now.instant())
                ? TaskPhase.SCHEDULED
                : TaskPhase.READY;
    }

    private void enter(TaskEntry entry, Now now) {
        lifecycle.counters.enter(entry.phase.status());
        if (entry.isFinal()) {
            lifecycle.table.addEnded(entry);
            return;
        }
        lifecycle.table.add(entry);
        lifecycle.ceilings.enter(entry);
        if (!entry.restored) lifecycle.counters.scheduled++;
        armDeadline(entry, now);
        Instant runAt = entry.request.runAt();
        if (runAt != null && runAt.isAfter(now.instant()) && !entry.dispatchedOnce()) {
            entry.runAtTimer = new Timer(Timer.Kind.RUN_AT, entry, null, runAt, now.nanosOf(runAt));
            lifecycle.timers.set(entry.runAtTimer);
        }
        Instant retryAt = entry.restoredReadyAt;
        if (retryAt != null && retryAt.isAfter(now.instant())) {
            entry.retryTimer =
                    new Timer(Timer.Kind.RETRY, entry, null, retryAt, now.nanosOf(retryAt));
            lifecycle.timers.set(entry.retryTimer);
        }
    }

    /** Sets the deadline's timer one tick late: to be done at the deadline is to be in time. */
    void armDeadline(TaskEntry entry, Now now) {
        Instant deadline = entry.deadlineInstant;
        if (deadline == null) return;
        entry.ownDeadline = now.nanosOf(deadline);
        if (entry.ownDeadline == TaskEntry.NEVER || entry.deadlineMissed) return;
        entry.deadlineTimer =
                new Timer(Timer.Kind.DEADLINE, entry, null, deadline, entry.ownDeadline + 1);
        lifecycle.timers.set(entry.deadlineTimer);
    }

    private void link(Admission admission, TaskEntry entry, List<TaskEntry> entries) {
        for (DependencyRequest request : admission.request().dependencies()) {
            TaskEntry on = prerequisite(request.task(), entries);
            TaskId id =
                    on == null && request.task() instanceof TaskRef.Existing(TaskId foreign)
                            ? foreign
                            : idOf(on);
            Dependency dependency = new Dependency(entry, id, request.type(), request.timeout());
            dependency.prerequisite = on;
            settleWhatIsMet(dependency, on, admission.foreign().get(id));
            entry.dependencies.add(dependency);
        }
    }

    private static void settleWhatIsMet(
            Dependency dependency, @Nullable TaskEntry on, @Nullable ForeignTask state) {
        Dependency.Verdict verdict = Dependency.Verdict.WAIT;
        if (on != null) verdict = dependency.verdict(on.phase, on.dispatchedOnce());
        else if (state != null) verdict = dependency.verdict(state.phase(), state.started());
        if (verdict != Dependency.Verdict.MET) return;
        dependency.satisfied = true;
        if (dependency.type != DependencyType.DATA) return;
        if (on != null) dependency.input = on.result;
        else if (state != null) dependency.input = state.result();
    }

    /* The store has been told what was met when the task was prepared; that stays true. */
    private void await(Dependency dependency, Now now) {
        TaskEntry entry = dependency.dependant;
        if (entry.isFinal()) dependency.waiting = false;
        else if (dependency.satisfied) lifecycle.dependencies.metBefore(dependency);
        else if (entry.restored)
            lifecycle.dependencies.add(
                    dependency, Math.min(now.nanos(), now.nanosOf(entry.updatedAt)), now);
        else lifecycle.dependencies.add(dependency, now);
    }

    private @Nullable TaskEntry prerequisite(TaskRef ref, List<TaskEntry> entries) {
        return switch (ref) {
            case TaskRef.InBatch(int index) -> entries.get(index);
            case TaskRef.Existing(TaskId id) -> lifecycle.table.get(id);
        };
    }

    private static TaskId idOf(@Nullable TaskEntry on) {
        if (on == null) throw new IllegalStateException("a dependency was not checked");
        return on.id;
    }

    private void look(TaskEntry entry, Now now) {
        for (Dependency dependency : entry.dependencies) {
            if (entry.isOver()) return;
            if (dependency.prerequisite != null) {
                lifecycle.dependencies.look(dependency, now);
                continue;
            }
            ForeignTask state = entry.foreign.get(dependency.on);
            if (state != null) lifecycle.dependencies.look(dependency, state, now);
            else if (entry.restored && dependency.waiting)
                lifecycle.dependencies.gone(dependency, now);
        }
    }
}
