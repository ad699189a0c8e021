// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * All tasks a domain knows: the unfinished in order of admission, the finished in order of ending.
 * Guarded by the caller.
 */
final class TaskTable {
    private final Map<TaskId, TaskEntry> byId = new HashMap<>();
    private final Chain unfinished = new Chain();
    private final Chain finished = new Chain();

    /* Those of the finished that the store keeps too. */
    private final Chain stored = new Chain();

    /** Tasks that are admitted as soon as they are stored; nobody sees them before. */
    int prepared;

    final Set<TaskId> preparedIds = new HashSet<>();

    /** Tasks that wait READY in the store alone, known by their number only. */
    int parked;

    /** Unfinished tasks that nobody can list. */
    int light;

    @Nullable TaskEntry get(TaskId id) {
        return byId.get(id);
    }

    TaskEntry require(TaskId id) {
        TaskEntry entry = byId.get(id);
        if (entry == null) throw RefusedException.notFound("task", id);
        return entry;
    }

    void add(TaskEntry entry) {
        byId.put(entry.id, entry);
        unfinished.add(entry);
    }

    /** A task that ended before it was known here, and is stored. */
    void addEnded(TaskEntry entry) {
        byId.put(entry.id, entry);
        entry.keptByStore = true;
        stored.add(entry);
    }

    /**
     * The task has ended.
     *
     * @param kept whether the store keeps it too
     */
    void finish(TaskEntry entry, boolean kept) {
        unfinished.remove(entry);
        entry.keptByStore = kept;
        chainOf(entry).add(entry);
    }

    void reopen(TaskEntry entry) {
        chainOf(entry).remove(entry);
        unfinished.add(entry);
    }

    private Chain chainOf(TaskEntry entry) {
        return entry.keptByStore ? stored : finished;
    }

    /** Tasks that are to be done, prepared and parked ones included. */
    int unfinished() {
        return unfinished.size + light + prepared + parked;
    }

    /** Takes out the stored task that ended first; null: no more than so many are here. */
    @Nullable TaskEntry takeStoredBeyond(int kept) {
        TaskEntry oldest = stored.first;
        if (stored.size <= kept || oldest == null) return null;
        purge(oldest);
        return oldest;
    }

    /** Takes out the task that ended first; null: no more than so many are kept. */
    @Nullable TaskEntry purgeBeyond(int kept) {
        TaskEntry oldest = finished.first;
        if (finished.size <= kept || oldest == null) return null;
        purge(oldest);
        return oldest;
    }

    /** Takes out a task that has ended. */
    void purge(TaskEntry entry) {
        chainOf(entry).remove(entry);
        byId.remove(entry.id);
    }

    List<TaskEntry> unfinishedEntries() {
        List<TaskEntry> entries = new ArrayList<>(unfinished.size);
        forEachUnfinished(entries::add);
        return entries;
    }

    void forEachUnfinished(Consumer<TaskEntry> visitor) {
        for (TaskEntry entry = unfinished.first; entry != null; ) {
            TaskEntry next = entry.nextInTable;
            visitor.accept(entry);
            entry = next;
        }
    }

    /** Shows all tasks, the unfinished in order of admission first. */
    void forEach(Consumer<TaskEntry> visitor) {
        forEachUnfinished(visitor);
        for (Chain chain : List.of(finished, stored))
            for (TaskEntry entry = chain.first; entry != null; entry = entry.nextInTable)
                visitor.accept(entry);
    }

    /** Shows finished tasks, newest first, while the visitor wants more. */
    void finishedNewestFirst(Predicate<TaskEntry> more) {
        TaskEntry one = finished.last;
        TaskEntry other = stored.last;
        while (one != null || other != null) {
            boolean first =
                    other == null || one != null && one.finishedAtNanos >= other.finishedAtNanos;
            TaskEntry newest = first ? one : other;
            if (newest == null || !more.test(newest)) return;
            if (first) one = newest.previousInTable;
            else other = newest.previousInTable;
        }
    }

    private static final class Chain {
        private @Nullable TaskEntry first;
        private @Nullable TaskEntry last;
        private int size;

        void add(TaskEntry entry) {
            entry.previousInTable = last;
            entry.nextInTable = null;
            if (last == null) first = entry;
            else last.nextInTable = entry;
            last = entry;
            size++;
        }

        void remove(TaskEntry entry) {
            TaskEntry previous = entry.previousInTable;
            TaskEntry next = entry.nextInTable;
            if (previous == null) first = next;
            else previous.nextInTable = next;
            if (next == null) last = previous;
            else next.previousInTable = previous;
            entry.previousInTable = null;
            entry.nextInTable = null;
            size--;
        }
    }
}
