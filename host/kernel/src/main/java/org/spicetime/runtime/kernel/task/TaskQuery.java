// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/** One look-up of tasks by a filter. Guarded by the caller. */
final class TaskQuery {
    private final TaskFilter filter;
    private final int limit;
    private final Set<TaskId> ids;
    private final TaskMatch match;

    private final List<TaskEntry> running = new ArrayList<>();
    private final List<TaskEntry> later = new ArrayList<>();
    private final List<TaskEntry> blocked = new ArrayList<>();

    TaskQuery(TaskFilter filter, int most) {
        this.filter = filter;
        this.limit = Math.min(filter.limit().orElse(most), most);
        this.ids = new HashSet<>(filter.ids());
        this.match = new TaskMatch(filter);
    }

    /** Running, ready, later, blocked, then finished, newest first. */
    List<TaskEntry> run(TaskTable table, PolicySeat seat) {
        table.forEachUnfinished(this::sort);
        running.sort(Comparator.comparingLong(entry -> entry.dispatchedAtNanos));
        later.sort(Comparator.comparingLong(TaskQuery::nextInstant));
        List<TaskEntry> found = new ArrayList<>(running);
        seat.queued(task -> task instanceof TaskEntry entry && match.test(entry), limit)
                .forEach(task -> found.add((TaskEntry) task));
        found.addAll(later);
        found.addAll(blocked);
        addFinished(table, found);
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    private void sort(TaskEntry entry) {
        if (entry.queued() || !match.test(entry)) return;
        switch (entry.phase.status()) {
            case RUNNING -> running.add(entry);
            case PENDING -> later.add(entry);
            default -> blocked.add(entry);
        }
    }

    private void addFinished(TaskTable table, List<TaskEntry> found) {
        boolean wanted =
                filter.status().isEmpty()
                        || filter.status().contains(TaskStatus.COMPLETED)
                        || filter.status().contains(TaskStatus.FAILED);
        if (!wanted) return;
        if (ids.isEmpty()) {
            table.finishedNewestFirst(entry -> {
                if (match.test(entry)) found.add(entry);
                return found.size() < limit;
            });
            return;
        }
        ids.stream()
                .map(table::get)
                .filter(entry -> entry != null && entry.isFinal() && match.test(entry))
                .sorted(
                        Comparator.comparingLong((TaskEntry entry) -> -entry.finishedAtNanos)
                                .thenComparingLong(entry -> -entry.number))
                .forEach(found::add);
    }

    static long nextInstant(TaskEntry entry) {
        if (entry.runAtTimer != null) return entry.runAtTimer.due;
        return entry.retryTimer != null ? entry.retryTimer.due : TaskEntry.NEVER;
    }
}
