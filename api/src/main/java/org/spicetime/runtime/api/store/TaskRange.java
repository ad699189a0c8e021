// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Stored tasks asked for: those that meet a filter and lie between two places of an order. Under
 * {@link TaskOrder#SCHEDULE} these are the finished ones alone, the one that finished last first:
 * the order of the others is known to the scheduler, not to the store. Only if the filter names
 * {@link TaskPhase#READY} and no other phase, they are the ready ones as {@link TaskStore#head} has
 * them; the key of a place is the rank then, and tasks of one rank follow each other by admission.
 *
 * <p>Immutable.
 *
 * @param filter conditions; its own limit is not used
 * @param order by what
 * @param descending the other way round
 * @param after where the range begins, itself not in it; null: at the start
 * @param before where the range ends, itself not in it; null: at the end
 * @param fromEnd whether the last tasks of the range are wanted instead of the first; they come in
 *     the same order
 * @param limit most tasks, 1 to {@value #MAX_LIMIT}
 */
public record TaskRange(
        TaskFilter filter,
        TaskOrder order,
        boolean descending,
        @Nullable TaskPlace after,
        @Nullable TaskPlace before,
        boolean fromEnd,
        int limit) {

    /** Most tasks that one question answers. */
    public static final int MAX_LIMIT = 1000;

    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is not 1 to {@value #MAX_LIMIT}
     */
    public TaskRange {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "limit must be 1 .. " + MAX_LIMIT + ", was " + limit);
        }
    }

    /**
     * Whether the ready tasks are asked for by rank and admission.
     *
     * @return whether the order is SCHEDULE and the filter names READY alone
     */
    public boolean byRank() {
        return order == TaskOrder.SCHEDULE && filter.phase().equals(List.of(TaskPhase.READY));
    }

    /**
     * The start of a list, last admission first.
     *
     * @param filter conditions
     * @param limit most tasks
     * @return the range
     */
    public static TaskRange newest(TaskFilter filter, int limit) {
        return new TaskRange(filter, TaskOrder.CREATED_AT, true, null, null, false, limit);
    }

    /**
     * What follows a task of this list.
     *
     * @param place place of the last task seen
     * @return the range behind it, forward
     */
    public TaskRange after(TaskPlace place) {
        return new TaskRange(filter, order, descending, place, before, false, limit);
    }
}
