// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;
import org.spicetime.runtime.api.task.Durability;

/**
 * What holds for the tasks of a domain. Immutable.
 *
 * @param durability of a task that names none
 * @param maxFinished most finished tasks kept for queries, 0 to 1000000; the oldest go first
 */
public record TaskConfig(Durability durability, int maxFinished) {
    public TaskConfig {
        Objects.requireNonNull(durability, "durability");
        if (maxFinished < 0 || maxFinished > 1_000_000)
            throw new IllegalArgumentException(
                    "tasks.retention.maxTasks must be 0 .. 1000000, was " + maxFinished);
    }
}
