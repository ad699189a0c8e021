// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/** Whether a task meets the conditions of a filter. Thread-safe. */
public final class FilterMatch {

    private final TaskFilter filter;
    private final @Nullable String name;
    private final List<String> words;

    /**
     * A condition.
     *
     * @param filter its parts
     */
    public FilterMatch(TaskFilter filter) {
        this.filter = filter;
        name =
                filter.nameContains() == null
                        ? null
                        : filter.nameContains().toLowerCase(Locale.ROOT);
        words =
                filter.search() == null
                        ? List.of()
                        : Arrays.stream(filter.search().toLowerCase(Locale.ROOT).split("\\s+"))
                                .filter(word -> !word.isEmpty())
                                .toList();
    }

    /**
     * Whether a task meets it.
     *
     * @param record the task
     * @return whether all parts hold
     */
    public boolean test(TaskRecord record) {
        return test(record.task()) && released(record);
    }

    private boolean test(Task task) {
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
                && task.request().labels().entrySet().containsAll(filter.labels().entrySet())
                && (filter.deadLetter() == null
                        || filter.deadLetter()
                                == (task.phase() == TaskPhase.FAILED
                                        || task.phase() == TaskPhase.TIMED_OUT))
                && (words.isEmpty() || found(task));
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

    private boolean released(TaskRecord record) {
        Release release = record.release();
        return filter.scheduleIds().isEmpty()
                || release != null && filter.scheduleIds().contains(release.schedule());
    }

    private boolean found(Task task) {
        StringJoiner text = new StringJoiner("\n");
        text.add(task.handler());
        add(text, task.request().name());
        add(text, task.request().idempotencyKey());
        RuntimeError error = task.error();
        add(text, error == null ? null : error.message());
        task.request().labels().forEach((label, value) -> text.add(label).add(value));
        String all = text.toString().toLowerCase(Locale.ROOT);
        return words.stream().allMatch(all::contains);
    }

    private static void add(StringJoiner text, @Nullable String part) {
        if (part != null) {
            text.add(part);
        }
    }
}
