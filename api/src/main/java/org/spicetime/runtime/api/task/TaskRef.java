// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import org.spicetime.runtime.api.TaskId;

/** Names a task in a request: one that exists, or one of the same batch. Immutable. */
public sealed interface TaskRef {
    /** A task that was admitted before. */
    record Existing(TaskId id) implements TaskRef {
        @Override
        public String toString() {
            return id.toString();
        }
    }

    /**
     * The task at this position of the batch, from 0; it may stand before or after the one that
     * names it.
     */
    record InBatch(int index) implements TaskRef {
        public InBatch {
            if (index < 0)
                throw new IllegalArgumentException("index must be 0 or more, was " + index);
        }

        @Override
        public String toString() {
            return "#" + index;
        }
    }
}
