// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks, all of one instant. Immutable.
 *
 * @param entries the tasks of the page in the order asked for
 * @param hasNext whether there is more after it
 * @param hasPrevious whether there is more before it
 * @param totalCount matches over all pages; null: more than {@value #MAX_COUNT}
 * @param asOf where {@code watchTasks} goes on so that nothing between is lost; null: it spans
 *     several domains
 */
public record TaskPage(
        List<Entry> entries,
        boolean hasNext,
        boolean hasPrevious,
        @Nullable Integer totalCount,
        @Nullable String asOf) {
    /** Largest total count that is told. */
    public static final int MAX_COUNT = 10_000;

    public TaskPage {
        entries = List.copyOf(entries);
    }

    /**
     * A task of a page. Immutable.
     *
     * @param cursor opaque; valid as long as the task is known, with the same order
     * @param task as it was
     */
    public record Entry(String cursor, Task task) {}
}
