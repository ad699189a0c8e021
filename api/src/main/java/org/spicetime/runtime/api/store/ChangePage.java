// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/** Answer to a question for what changed. Immutable. */
public sealed interface ChangePage {

    /**
     * What changed.
     *
     * <p>Immutable.
     *
     * @param changes oldest first; empty: nothing
     * @param next where to continue
     * @param more whether there was more at that moment
     */
    record Changes(List<TaskChange> changes, ChangeCursor next, boolean more)
            implements ChangePage {

        /** Copies the list. */
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /**
     * The cursor cannot be continued: it is older than what the store remembers of purged tasks, or
     * belongs to another incarnation. Read the list anew.
     *
     * <p>Immutable.
     *
     * @param oldest the oldest cursor that could be continued
     */
    record Expired(ChangeCursor oldest) implements ChangePage {}

    /**
     * The newest state of a task that changed.
     *
     * <p>Immutable.
     *
     * @param cursor to continue after it
     * @param task the task
     * @param record its state; null: it was purged
     */
    record TaskChange(ChangeCursor cursor, TaskId task, @Nullable TaskRecord record) {}
}
