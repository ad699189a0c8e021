// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.kernel.scheduling.PolicySeat;

/** One look-up of tasks by a filter. Guarded by the caller. */
final class TaskQuery {
    private final TaskFilter filter;
    private final int limit;
    private final Set<TaskId> ids;

    private final List<TaskEntry> running = new ArrayList<>();
    private final List<TaskEntry> later = new ArrayList<>();
    private final List<TaskEntry> blocked = new ArrayList<>();

    TaskQuery(TaskFilter filter, int most) {
        this.filter = filter;
        this.limit = Math.min(filter.limit().orElse(most), most);
        this.ids = new HashSet<>(filter.ids());
    }

    /** Running, ready, later, blocked, then finished, newest first. */
    List<TaskEntry> run(TaskTable table, PolicySeat seat) {
        table.forEachUnfinished(this::sort);
        running.sort(Comparator.comparingLong(entry -> entry.dispatchedAtNanos));
        later.sort(Comparator.comparingLong(TaskQuery::nextInstant));
        List<TaskEntry> found = new ArrayList<>(running);
        seat.queued(task -> task instanceof TaskEntry entry && matches(entry), limit)
                .forEach(task -> found.add((TaskEntry) task));
        found.addAll(later);
        found.addAll(blocked);
        addFinished(table, found);
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    private void sort(TaskEntry entry) {
        if (entry.queued() || !matches(entry)) return;
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
                if (matches(entry)) found.add(entry);
                return found.size() < limit;
            });
            return;
        }
        ids.stream()
                .map(table::get)
                .filter(entry -> entry != null && entry.isFinal() && matches(entry))
                .sorted(
                        Comparator.comparingLong((TaskEntry entry) -> -entry.finishedAtNanos)
                                .thenComparingLong(entry -> -entry.number))
                .forEach(found::add);
    }

    private static long nextInstant(TaskEntry entry) {
        if (entry.runAtTimer != null) return entry.runAtTimer.due;
        return entry.retryTimer != null ? entry.retryTimer.due : TaskEntry.NEVER;
    }

    private boolean matches(TaskEntry entry) {
        return (ids.isEmpty() || ids.contains(entry.id))
                && in(filter.status(), entry.phase.status())
                && in(filter.phase(), entry.phase)
                && in(filter.type(), entry.request.type())
                && in(filter.handler(), entry.handler)
                && in(filter.owner(), entry.request.owner())
                && (filter.minPriority().isEmpty()
                        || entry.basePriority >= filter.minPriority().getAsInt())
                && (filter.maxPriority().isEmpty()
                        || entry.basePriority <= filter.maxPriority().getAsInt())
                && deadlineMatches(entry.deadlineInstant)
                && (filter.createdAfter() == null
                        || !entry.createdAt.isBefore(filter.createdAfter()))
                && (filter.createdBefore() == null
                        || entry.createdAt.isBefore(filter.createdBefore()))
                && nameMatches(entry.request.name())
                && entry.request.labels().entrySet().containsAll(filter.labels().entrySet());
    }

    private boolean deadlineMatches(@Nullable Instant deadline) {
        Instant before = filter.deadlineBefore();
        Instant after = filter.deadlineAfter();
        return (before == null || deadline != null && deadline.isBefore(before))
                && (after == null || deadline != null && deadline.isAfter(after));
    }

    private boolean nameMatches(@Nullable String name) {
        String part = filter.nameContains();
        return part == null
                || name != null
                        && name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static <T> boolean in(List<T> wanted, T value) {
        return wanted.isEmpty() || wanted.contains(value);
    }
}
