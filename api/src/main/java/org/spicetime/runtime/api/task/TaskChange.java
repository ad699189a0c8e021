// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * A change of a task. Immutable.
 *
 * @param cursor to resume after it; null: its changes cannot be resumed
 * @param task as it is now; null: it was purged
 * @param taskId its id
 * @param kind what it means for one who keeps the list
 */
public record TaskChange(@Nullable String cursor, @Nullable Task task, TaskId taskId, Kind kind) {
    public TaskChange {
        Objects.requireNonNull(taskId, "taskId");
        if ((kind == Kind.PURGED) != (task == null))
            throw new IllegalArgumentException(
                    "a task is given unless it was purged, kind was " + kind);
    }

    /** What a change means for one who keeps the list of the tasks that match. Immutable. */
    public enum Kind {
        /** The task matches: add or replace it. */
        UPSERT,
        /** The task does not match any more, or never did: drop it if it is there. */
        LEFT_FILTER,
        /** The task was removed: drop it if it is there. */
        PURGED
    }
}
