// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Page;
import org.spicetime.runtime.api.store.PageCursor;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskFilter;

/** Reads lists of tasks. Used under the store's lock. */
final class Reading {

    private Reading() {}

    static List<QueuedRef> head(DomainData data, RankCursor after, int limit) {
        List<QueuedRef> head = new ArrayList<>();
        Iterable<Row> tail = after.equals(RankCursor.START) ? data.ready : tail(data, after);
        for (Row row : tail) {
            if (head.size() == limit) {
                break;
            }
            head.add(row.queued());
        }
        return head;
    }

    private static Iterable<Row> tail(DomainData data, RankCursor after) {
        Row place = data.bySeq.get(after.seq());
        if (place != null && data.ready.contains(place) && place.record().rank() == after.rank()) {
            return data.ready.tailSet(place, false);
        }
        return () ->
                data.ready.stream()
                        .dropWhile(row -> row.queued().cursor().compareTo(after) <= 0)
                        .iterator();
    }

    /** Unfinished tasks whose edge to this one is open. */
    static List<TaskId> waiting(Memory memory, TaskId task) {
        List<TaskId> waiting = new ArrayList<>();
        for (TaskId dependant : memory.dependants.of(task)) {
            Row row = memory.find(dependant);
            if (row != null
                    && row.task().dependencies().stream()
                            .anyMatch(edge -> edge.task().equals(task) && !edge.satisfied())) {
                waiting.add(dependant);
            }
        }
        return waiting;
    }

    static Page<TaskRecord> page(
            DomainData data, TaskFilter filter, @Nullable PageCursor after, int limit) {
        FilterMatch match = new FilterMatch(filter);
        List<TaskRecord> items = new ArrayList<>();
        long before = after == null ? Long.MAX_VALUE : place(after);
        for (Row row : data.bySeq.headMap(before, false).descendingMap().values()) {
            if (match.test(row.task())) {
                if (items.size() == limit) {
                    return new Page<>(items, cursor(items.getLast()), data.asOf());
                }
                items.add(row.record());
            }
        }
        return new Page<>(items, null, data.asOf());
    }

    private static PageCursor cursor(TaskRecord last) {
        return new PageCursor("seq:" + Long.toString(last.seq(), Character.MAX_RADIX));
    }

    private static long place(PageCursor cursor) {
        String value = cursor.value();
        if (value.startsWith("seq:")) {
            try {
                return Long.parseLong(value.substring(4), Character.MAX_RADIX);
            } catch (NumberFormatException broken) {
                throw notOurs(value, broken);
            }
        }
        throw notOurs(value, null);
    }

    private static IllegalArgumentException notOurs(String value, @Nullable Throwable cause) {
        return new IllegalArgumentException("the cursor is not of this store: " + value, cause);
    }
}
