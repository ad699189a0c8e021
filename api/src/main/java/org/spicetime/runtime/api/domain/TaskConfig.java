// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;
import org.spicetime.runtime.api.task.Durability;

/**
 * What holds for the tasks of a domain. Immutable.
 *
 * @param durability of a task that names none
 * @param maxFinished most finished tasks kept for queries, 0 to {@value #MOST_FINISHED}; the oldest
 *     go first. 0: no limit of the domain's own, the host keeps at most {@value #MOST_FINISHED}
 */
public record TaskConfig(Durability durability, int maxFinished) {
    /** Most finished tasks of a domain that the host keeps in memory, whatever is configured. */
    public static final int MOST_FINISHED = 1_000_000;

    public TaskConfig {
        Objects.requireNonNull(durability, "durability");
        if (maxFinished < 0 || maxFinished > MOST_FINISHED)
            throw new IllegalArgumentException(
                    "tasks.retention.maxTasks must be 0 .. 1000000, was " + maxFinished);
    }

    /**
     * How many finished tasks are kept in effect.
     *
     * @return 1 to {@value #MOST_FINISHED}
     */
    public int keptFinished() {
        return maxFinished == 0 ? MOST_FINISHED : maxFinished;
    }
}
