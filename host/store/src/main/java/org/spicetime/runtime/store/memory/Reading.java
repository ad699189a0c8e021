// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.RankCursor;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.rules.FilterMatch;

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

    static TaskSlice slice(DomainData data, TaskRange range) {
        if (range.byRank()) {
            return byRank(data, range);
        }
        FilterMatch match = new FilterMatch(range.filter());
        Comparator<TaskPlace> order = TaskPlace.order(range.order(), range.descending());
        List<Placed> found = new ArrayList<>();
        for (Row row : data.rows.values()) {
            if (match.test(row.record())
                    && (range.order() != TaskOrder.SCHEDULE || row.phase().isFinal())) {
                TaskPlace place = TaskPlace.of(row.task(), range.order(), range.descending());
                if (isBefore(order, range.after(), place)
                        && isBefore(order, place, range.before())) {
                    found.add(new Placed(place, row.record()));
                }
            }
        }
        found.sort(Comparator.comparing(Placed::place, order));
        return part(data, range, found.stream().map(Placed::record).toList());
    }

    private static TaskSlice part(DomainData data, TaskRange range, List<TaskRecord> found) {
        int size = found.size();
        int limit = Math.min(range.limit(), size);
        return new TaskSlice(
                range.fromEnd() ? found.subList(size - limit, size) : found.subList(0, limit),
                size > limit,
                data.asOf());
    }

    private static TaskSlice byRank(DomainData data, TaskRange range) {
        FilterMatch match = new FilterMatch(range.filter());
        Comparator<RankCursor> order =
                range.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        RankCursor after = rankOf(data, range.after());
        RankCursor before = rankOf(data, range.before());
        List<TaskRecord> found = new ArrayList<>();
        for (Row row : range.descending() ? data.ready.descendingSet() : data.ready) {
            RankCursor place = row.queued().cursor();
            if (match.test(row.record())
                    && (after == null || order.compare(after, place) < 0)
                    && (before == null || order.compare(place, before) < 0)) {
                found.add(row.record());
            }
        }
        return part(data, range, found);
    }

    /* One that is gone is behind all of its rank. */
    private static @Nullable RankCursor rankOf(DomainData data, @Nullable TaskPlace place) {
        if (place == null) {
            return null;
        }
        Row row = data.rows.get(place.task());
        return new RankCursor(place.key(), row == null ? Long.MAX_VALUE : row.seq());
    }

    private static boolean isBefore(
            Comparator<TaskPlace> order, @Nullable TaskPlace left, @Nullable TaskPlace right) {
        return left == null || right == null || order.compare(left, right) < 0;
    }

    private record Placed(TaskPlace place, TaskRecord record) {}

    static OptionalLong count(DomainData data, TaskFilter filter, int most) {
        FilterMatch match = new FilterMatch(filter);
        long count =
                data.rows.values().stream()
                        .filter(row -> match.test(row.record()))
                        .limit(most + 1L)
                        .count();
        return count > most ? OptionalLong.empty() : OptionalLong.of(count);
    }

    static List<QueuedRef> held(DomainData data, long afterSeq, int limit) {
        return data.bySeq.tailMap(afterSeq, false).values().stream()
                .filter(row -> !row.phase().isFinal() && row.phase() != TaskPhase.READY)
                .limit(limit)
                .map(Row::queued)
                .toList();
    }

    static List<QueuedRef> deadlines(DomainData data, int limit) {
        return data.rows.values().stream()
                .filter(row -> !row.phase().isFinal() && !row.task().deadlineMissed())
                .map(Row::queued)
                .filter(ref -> ref.deadline() != null)
                .sorted(
                        Comparator.comparing(
                                        QueuedRef::deadline,
                                        Comparator.nullsLast(Comparator.naturalOrder()))
                                .thenComparingLong(QueuedRef::seq))
                .limit(limit)
                .toList();
    }

    static Map<TaskPhase, Long> unfinished(DomainData data) {
        return data.rows.values().stream()
                .map(Row::phase)
                .filter(phase -> !phase.isFinal())
                .collect(
                        Collectors.groupingBy(
                                phase -> phase,
                                () -> new EnumMap<>(TaskPhase.class),
                                Collectors.counting()));
    }
}
