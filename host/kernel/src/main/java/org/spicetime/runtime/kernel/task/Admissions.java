// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.DependencyRequest;
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
        AdmissionCheck check = new AdmissionCheck(settings, lifecycle.table, now);
        check.check(batch);
        List<TaskEntry> entries = new ArrayList<>(batch.size());
        for (Admission admission : batch) entries.add(enter(admission, check, now));
        for (int i = 0; i < batch.size(); i++) link(batch.get(i), entries.get(i), entries, now);
        for (int i = 0; i < batch.size(); i++) look(batch.get(i), entries.get(i), now);
        for (TaskEntry entry : entries) {
            if (entry.isFinal()) continue;
            lifecycle.settle(entry, now);
            lifecycle.inheritance.raise(entry, now);
            lifecycle.locks.ceilingsMoved(entry, now);
        }
        return entries;
    }

    private TaskEntry enter(Admission admission, AdmissionCheck check, Now now) {
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
        lifecycle.table.add(entry);
        lifecycle.ceilings.enter(entry);
        lifecycle.counters.scheduled++;
        lifecycle.counters.enter(entry.phase.status());
        armDeadline(entry, now);
        Instant runAt = request.runAt();
        if (runAt != null && runAt.isAfter(now.instant())) {
            entry.runAtTimer = new Timer(Timer.Kind.RUN_AT, entry, null, runAt, now.nanosOf(runAt));
            lifecycle.timers.set(entry.runAtTimer);
        }
        return entry;
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

    private void link(Admission admission, TaskEntry entry, List<TaskEntry> entries, Now now) {
        for (DependencyRequest request : admission.request().dependencies()) {
            TaskEntry on = prerequisite(request.task(), entries);
            TaskId id =
                    on == null && request.task() instanceof TaskRef.Existing(TaskId foreign)
                            ? foreign
                            : idOf(on);
            Dependency dependency = new Dependency(entry, id, request.type(), request.timeout());
            dependency.prerequisite = on;
            entry.dependencies.add(dependency);
            lifecycle.dependencies.add(dependency, now);
        }
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

    private void look(Admission admission, TaskEntry entry, Now now) {
        for (Dependency dependency : entry.dependencies) {
            if (entry.isFinal()) return;
            if (dependency.prerequisite != null) {
                lifecycle.dependencies.look(dependency, now);
                continue;
            }
            ForeignTask state = admission.foreign().get(dependency.on);
            if (state != null) lifecycle.dependencies.look(dependency, state, now);
        }
    }
}
