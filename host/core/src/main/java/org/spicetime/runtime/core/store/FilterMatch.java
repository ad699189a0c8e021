// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.store;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;

/** Whether a task meets the conditions of a filter. Thread-safe. */
final class FilterMatch {

    private final TaskFilter filter;
    private final @Nullable String name;

    FilterMatch(TaskFilter filter) {
        this.filter = filter;
        name =
                filter.nameContains() == null
                        ? null
                        : filter.nameContains().toLowerCase(Locale.ROOT);
    }

    boolean test(Task task) {
        return oneOf(filter.ids(), task.id())
                && oneOf(filter.status(), task.status())
                && oneOf(filter.phase(), task.phase())
                && oneOf(filter.type(), task.request().type())
                && oneOf(filter.handler(), task.handler())
                && oneOf(filter.owner(), task.request().owner())
                && task.priority() >= filter.minPriority().orElse(Integer.MIN_VALUE)
                && task.priority() <= filter.maxPriority().orElse(Integer.MAX_VALUE)
                && deadline(task)
                && created(task)
                && named(task)
                && task.request().labels().entrySet().containsAll(filter.labels().entrySet());
    }

    private static <T> boolean oneOf(List<T> allowed, T value) {
        return allowed.isEmpty() || allowed.contains(value);
    }

    private boolean deadline(Task task) {
        if (filter.deadlineBefore() == null && filter.deadlineAfter() == null) {
            return true;
        }
        var deadline = task.deadline();
        return deadline != null
                && (filter.deadlineBefore() == null || deadline.isBefore(filter.deadlineBefore()))
                && (filter.deadlineAfter() == null || deadline.isAfter(filter.deadlineAfter()));
    }

    private boolean created(Task task) {
        return (filter.createdAfter() == null || !task.createdAt().isBefore(filter.createdAfter()))
                && (filter.createdBefore() == null
                        || task.createdAt().isBefore(filter.createdBefore()));
    }

    private boolean named(Task task) {
        String of = task.request().name();
        return name == null || of != null && of.toLowerCase(Locale.ROOT).contains(name);
    }
}
