// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Whether a task fulfils all conditions of a filter; its limit is none. Immutable; the entries are
 * guarded by the caller.
 */
public final class TaskMatch implements Predicate<TaskEntry> {
    private final TaskFilter filter;
    private final Set<TaskId> ids;
    private final Set<UUID> schedules;
    private final List<String> words;

    /** The conditions of this filter. */
    public TaskMatch(TaskFilter filter) {
        this.filter = filter;
        this.ids = new HashSet<>(filter.ids());
        this.schedules = new HashSet<>(filter.scheduleIds());
        this.words =
                filter.search() == null
                        ? List.of()
                        : Arrays.stream(lower(filter.search()).split("\\s+"))
                                .filter(word -> !word.isEmpty())
                                .toList();
    }

    /** Whether there is any condition. */
    public static boolean hasCondition(TaskFilter filter) {
        return !filter.equals(TaskFilter.ALL) && !new TaskMatch(filter).isEmpty();
    }

    private boolean isEmpty() {
        return ids.isEmpty()
                && filter.status().isEmpty()
                && filter.phase().isEmpty()
                && filter.type().isEmpty()
                && filter.minPriority().isEmpty()
                && filter.maxPriority().isEmpty()
                && filter.deadlineBefore() == null
                && filter.deadlineAfter() == null
                && filter.createdAfter() == null
                && filter.createdBefore() == null
                && filter.handler().isEmpty()
                && filter.owner().isEmpty()
                && filter.nameContains() == null
                && filter.labels().isEmpty()
                && words.isEmpty()
                && filter.deadLetter() == null
                && schedules.isEmpty();
    }

    @Override
    public boolean test(TaskEntry entry) {
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
                && entry.request.labels().entrySet().containsAll(filter.labels().entrySet())
                && (filter.deadLetter() == null || filter.deadLetter() == isDeadLetter(entry.phase))
                && (schedules.isEmpty() || isReleaseOf(entry.release()))
                && (words.isEmpty() || searchMatches(entry.handler, entry.request, entry.error));
    }

    /** The same of a task as it was at one instant. Any thread. */
    public boolean matches(Task task) {
        TaskRequest request = task.request();
        return (ids.isEmpty() || ids.contains(task.id()))
                && in(filter.status(), task.status())
                && in(filter.phase(), task.phase())
                && in(filter.type(), request.type())
                && in(filter.handler(), task.handler())
                && in(filter.owner(), request.owner())
                && (filter.minPriority().isEmpty()
                        || task.priority() >= filter.minPriority().getAsInt())
                && (filter.maxPriority().isEmpty()
                        || task.priority() <= filter.maxPriority().getAsInt())
                && deadlineMatches(task.deadline())
                && (filter.createdAfter() == null
                        || !task.createdAt().isBefore(filter.createdAfter()))
                && (filter.createdBefore() == null
                        || task.createdAt().isBefore(filter.createdBefore()))
                && nameMatches(request.name())
                && request.labels().entrySet().containsAll(filter.labels().entrySet())
                && (filter.deadLetter() == null
                        || filter.deadLetter() == isDeadLetter(task.phase()))
                && (schedules.isEmpty() || isReleaseOf(task.release()))
                && (words.isEmpty() || searchMatches(task.handler(), request, task.error()));
    }

    private boolean deadlineMatches(@Nullable Instant deadline) {
        Instant before = filter.deadlineBefore();
        Instant after = filter.deadlineAfter();
        return (before == null || deadline != null && deadline.isBefore(before))
                && (after == null || deadline != null && deadline.isAfter(after));
    }

    private boolean nameMatches(@Nullable String name) {
        String part = filter.nameContains();
        return part == null || name != null && lower(name).contains(lower(part));
    }

    /* One that was tried again is unfinished, so a final phase alone tells. */
    private static boolean isDeadLetter(TaskPhase phase) {
        return phase == TaskPhase.FAILED || phase == TaskPhase.TIMED_OUT;
    }

    private boolean isReleaseOf(@Nullable TaskRelease release) {
        return release != null && schedules.contains(release.schedule());
    }

    private boolean searchMatches(
            String handler, TaskRequest request, @Nullable RuntimeError error) {
        StringBuilder text = new StringBuilder(handler);
        append(text, request.name());
        append(text, request.idempotencyKey());
        append(text, error == null ? null : error.message());
        request.labels()
                .forEach((name, value) -> {
                    append(text, name);
                    append(text, value);
                });
        String all = lower(text.toString());
        return words.stream().allMatch(all::contains);
    }

    private static void append(StringBuilder text, @Nullable String part) {
        if (part != null) text.append('\n').append(part);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static <T> boolean in(List<T> wanted, T value) {
        return wanted.isEmpty() || wanted.contains(value);
    }
}
