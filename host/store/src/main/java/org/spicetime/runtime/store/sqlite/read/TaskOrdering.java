// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * The statements of a range. Each yields sequence number, key and id of the tasks in the order in
 * which the range is walked, one more than asked for, and no other column, so that sorting carries
 * little. Where tasks are ordered by their last change, those that have finished and the others are
 * asked for apart, because an index keeps the order of the former. Used by one thread.
 */
final class TaskOrdering {

    /** A statement with its parameters. */
    record Part(String sql, TaskWhere where, int limit) {}

    private final TaskRange range;
    private final boolean backward;
    private final boolean greater;
    private final String key;

    TaskOrdering(TaskRange range) {
        this.range = range;
        boolean ascending = ascending(range);
        backward = range.fromEnd();
        greater = ascending != backward;
        key = key(range);
    }

    /* Whether smaller keys come first; SCHEDULE has the one that finished last first. */
    private static boolean ascending(TaskRange range) {
        boolean newestFirst = range.order() == TaskOrder.SCHEDULE && !range.byRank();
        return range.descending() == newestFirst;
    }

    private static String key(TaskRange range) {
        if (range.byRank()) {
            return "rank";
        }
        return switch (range.order()) {
            case CREATED_AT -> "created";
            case SCHEDULE, UPDATED_AT -> "updated";
            case PRIORITY -> "priority";
            case DEADLINE ->
                    "ifnull(deadline, "
                            + (range.descending() ? Long.MIN_VALUE : Long.MAX_VALUE)
                            + ")";
        };
    }

    /** How the tasks are walked: towards the end, or from it; null: the only statement says so. */
    @Nullable Comparator<TaskPlace> walk() {
        if (range.byRank()) {
            return null;
        }
        Comparator<TaskPlace> order = TaskPlace.order(range.order(), range.descending());
        return backward ? order.reversed() : order;
    }

    /** The statements; their results are merged. */
    List<Part> parts(DomainId domain) {
        List<Part> parts = new ArrayList<>();
        if (range.byRank()) {
            add(parts, domain, TaskWhere.READY);
        } else if (range.order() == TaskOrder.SCHEDULE) {
            add(parts, domain, TaskWhere.FINAL);
        } else if (range.order() == TaskOrder.UPDATED_AT) {
            add(parts, domain, TaskWhere.FINAL);
            add(parts, domain, TaskWhere.READY);
            add(parts, domain, TaskWhere.HELD);
        } else {
            add(parts, domain, TaskWhere.STORED);
        }
        return parts;
    }

    private void add(List<Part> parts, DomainId domain, Set<TaskPhase> among) {
        TaskWhere where = new TaskWhere(domain, range.filter(), among);
        if (where.isNever()) {
            return;
        }
        place(where, range.after(), true);
        place(where, range.before(), false);
        /* The sign hides the order from the planner. */
        String by = where.leavesFew() ? "+" + key : key;
        String way = greater ? "" : " DESC";
        parts.add(
                new Part(
                        "SELECT seq, %s, uid FROM task%s WHERE %s ORDER BY %s%s, %s%s LIMIT ?"
                                .formatted(
                                        key,
                                        where.index(),
                                        where.text(),
                                        by,
                                        way,
                                        range.byRank() ? "seq" : "uid",
                                        way),
                        where,
                        range.limit() + 1));
    }

    /* The end of the order is the far one if the range is read forward. */
    private void place(TaskWhere where, @Nullable TaskPlace place, boolean behind) {
        if (place != null) {
            boolean above = ascending(range) == behind;
            if (range.byRank()) {
                where.rank(above, place);
            } else {
                where.place(key, above, place);
            }
        }
    }
}
