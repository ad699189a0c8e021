// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks asked for. A page forward begins behind {@code after} (or at the start) and ends
 * before {@code before}; one from the end lies right before {@code before} (or at the very end) and
 * behind {@code after}. Immutable.
 *
 * @param filter conditions, all of which must hold; its limit bounds the whole list
 * @param order by what
 * @param descending largest first
 * @param limit most entries, 0 to {@value #MAX_LIMIT}
 * @param after cursor of an entry of the same order; null: from the start
 * @param before cursor of an entry of the same order; null: to the end
 * @param fromEnd whether the last entries of the range are wanted instead of the first; they come
 *     in the same order
 */
public record TaskPageRequest(
        TaskFilter filter,
        TaskOrder order,
        boolean descending,
        int limit,
        @Nullable String after,
        @Nullable String before,
        boolean fromEnd) {
    /** Most entries of a page. */
    public static final int MAX_LIMIT = 500;

    public TaskPageRequest {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(order, "order");
        if (limit < 0 || limit > MAX_LIMIT)
            throw new IllegalArgumentException(
                    "limit must be 0 .. " + MAX_LIMIT + ", was " + limit);
    }

    /**
     * The first page of an order.
     *
     * @param filter conditions
     * @param order by what
     * @param limit most entries
     * @return the request, ascending
     */
    public static TaskPageRequest first(TaskFilter filter, TaskOrder order, int limit) {
        return new TaskPageRequest(filter, order, false, limit, null, null, false);
    }

    /**
     * The page behind an entry of this one.
     *
     * @param cursor of that entry
     * @return the request, forward
     */
    public TaskPageRequest after(String cursor) {
        return new TaskPageRequest(filter, order, descending, limit, cursor, null, false);
    }
}
