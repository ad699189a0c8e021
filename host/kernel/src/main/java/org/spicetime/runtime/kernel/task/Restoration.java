// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;

/** Makes entries of stored tasks as they were, times on the monotonic clock apart. Stateless. */
final class Restoration {
    private Restoration() {}

    static TaskEntry entry(Restored restored, long number, PriorityRange range, Now now) {
        TaskRecord stored = restored.stored();
        Task task = stored.task();
        TaskEntry entry =
                new TaskEntry(
                        restored.admission(),
                        number,
                        task.priority(),
                        task.durability(),
                        task.deadline(),
                        task.createdAt(),
                        range,
                        now);
        entry.restored = true;
        entry.phase = task.phase();
        entry.updatedAt = task.updatedAt();
        entry.attempt = task.attempt();
        entry.retriesUsed =
                Math.clamp(
                        (long) task.request().maxRetries() + 1 - stored.attemptsLeft(),
                        0,
                        task.request().maxRetries());
        entry.suspended = task.phase() == TaskPhase.SUSPENDED;
        entry.restoredReadyAt =
                task.phase() == TaskPhase.RETRY_WAIT || stored.phaseBefore() == TaskPhase.RETRY_WAIT
                        ? stored.readyAt()
                        : null;
        entry.deadlineMissed = task.deadlineMissed();
        entry.progress = task.progress();
        entry.result = task.result();
        entry.error = task.error();
        measured(entry, task.metrics(), now);
        return entry;
    }

    private static void measured(TaskEntry entry, TaskMetrics metrics, Now now) {
        entry.startedAt = metrics.startedAt();
        entry.finishedAt = metrics.finishedAt();
        if (entry.isFinal()) entry.finishedAtNanos = now.nanos();
        if (metrics.duration() != null)
            entry.firstDispatchNanos = now.nanos() - Now.saturatedNanos(metrics.duration());
        entry.waitNanos = Now.saturatedNanos(metrics.waitTime());
        entry.cpuNanos = metrics.cpuNanos();
        entry.cpuAttributed =
                metrics.cpuAccuracy()
                        == org.spicetime.runtime.api.task.MeasurementAccuracy.ATTRIBUTED;
        entry.poolPeakBytes = metrics.poolPeakBytes();
        entry.ioOperations = metrics.ioOperations();
        entry.heapAllocatedBytes = metrics.heapAllocatedBytes();
        entry.preemptions = metrics.preemptions();
    }

    /** What it depends on, as the store has it; the order in which tasks come does not matter. */
    static void link(
            TaskEntry entry, Restored restored, Map<TaskId, TaskEntry> others, TaskTable table) {
        for (TaskDependency edge : restored.stored().task().dependencies()) {
            TaskEntry known = table.get(edge.task());
            TaskEntry on = known == null ? others.get(edge.task()) : known;
            Dependency dependency = new Dependency(entry, edge.task(), edge.type(), edge.timeout());
            dependency.prerequisite = on;
            dependency.satisfied = edge.satisfied();
            if (edge.satisfied() && edge.type() == DependencyType.DATA)
                dependency.input = result(on, restored.admission().foreign().get(edge.task()));
            entry.dependencies.add(dependency);
        }
    }

    private static org.spicetime.runtime.api.@Nullable Payload result(
            @Nullable TaskEntry on, @Nullable ForeignTask state) {
        if (on != null) return on.result;
        return state == null ? null : state.result();
    }

    static Map<TaskId, TaskEntry> byId(Iterable<TaskEntry> entries) {
        Map<TaskId, TaskEntry> byId = new HashMap<>();
        for (TaskEntry entry : entries) byId.put(entry.id, entry);
        return byId;
    }
}
