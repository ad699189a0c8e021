// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Objects;
import org.spicetime.runtime.api.task.Durability;

/**
 * What holds for the tasks of a domain. Immutable.
 *
 * @param durability of a task that names none
 * @param retention how long finished tasks are kept
 * @param limits limits on handlers and concurrency keys, up to {@value TaskLimit#MOST}; all that
 *     fit a task hold for it
 */
public record TaskConfig(Durability durability, RetentionConfig retention, List<TaskLimit> limits) {
    /**
     * Checks the number of limits.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public TaskConfig {
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(retention, "retention");
        limits = List.copyOf(limits);
        if (limits.size() > TaskLimit.MOST)
            throw new IllegalArgumentException(
                    "limits must be at most " + TaskLimit.MOST + ", were " + limits.size());
    }
}
