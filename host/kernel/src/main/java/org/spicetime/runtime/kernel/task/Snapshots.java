// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;

/** Tasks as clients see them. Thread-safe; the entries are guarded by the caller. */
final class Snapshots {
    private final DomainId domain;

    Snapshots(DomainId domain) {
        this.domain = domain;
    }

    Task of(TaskEntry entry, Now now) {
        return new Task(
                entry.id,
                domain,
                entry.request,
                entry.handler,
                entry.durability,
                entry.basePriority,
                entry.isFinal() ? entry.basePriority : entry.priority(),
                entry.deadlineInstant,
                entry.phase,
                entry.attempt,
                entry.createdAt,
                entry.updatedAt,
                entry.dependencies.stream().map(Dependency::snapshot).toList(),
                entry.isEnding() ? unfinished(metrics(entry, now)) : metrics(entry, now),
                entry.deadlineMissed,
                entry.progress,
                entry.isEnding() ? null : entry.result,
                entry.isEnding() ? null : entry.error,
                entry.release);
    }

    /** What it has cost so far; of a task that is ending, all it has cost. */
    static TaskMetrics metrics(TaskEntry entry, Now now) {
        long waiting = entry.queued() ? now.nanos() - entry.readySinceNanos : 0;
        return new TaskMetrics(
                entry.startedAt,
                entry.finishedAt,
                duration(entry, now),
                Duration.ofNanos(entry.waitNanos + waiting),
                entry.cpuNanos,
                entry.cpuAttributed ? MeasurementAccuracy.ATTRIBUTED : MeasurementAccuracy.EXACT,
                entry.poolPeakBytes,
                entry.ioOperations,
                entry.heapAllocatedBytes,
                entry.preemptions);
    }

    private static TaskMetrics unfinished(TaskMetrics all) {
        return new TaskMetrics(
                all.startedAt(),
                null,
                all.duration(),
                all.waitTime(),
                all.cpuNanos(),
                all.cpuAccuracy(),
                all.poolPeakBytes(),
                all.ioOperations(),
                all.heapAllocatedBytes(),
                all.preemptions());
    }

    private static @Nullable Duration duration(TaskEntry entry, Now now) {
        if (entry.firstDispatchNanos == TaskEntry.NEVER) return null;
        long end = entry.isOver() ? entry.finishedAtNanos : now.nanos();
        return Duration.ofNanos(end - entry.firstDispatchNanos);
    }

    /** The tasks that wait or waited for this one, in order of admission. */
    List<Task> dependents(TaskEntry on, Now now) {
        SortedMap<Long, TaskEntry> dependants = new TreeMap<>();
        for (Dependency waiting = on.waiting.first(); waiting != null; waiting = waiting.next)
            dependants.put(waiting.dependant.number, waiting.dependant);
        for (Dependency past = on.past.first(); past != null; past = past.next)
            dependants.put(past.dependant.number, past.dependant);
        return dependants.values().stream().map(entry -> of(entry, now)).toList();
    }
}
