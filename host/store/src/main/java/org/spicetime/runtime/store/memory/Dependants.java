// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskDependency;

/** Which unfinished tasks depend on a task. Used under the store's lock. */
final class Dependants {

    private final Map<TaskId, Set<TaskId>> byDependency = new HashMap<>();

    /** A task was admitted, or admitted again. */
    void add(Row row) {
        for (TaskDependency edge : row.task().dependencies()) {
            byDependency.computeIfAbsent(edge.task(), none -> new LinkedHashSet<>()).add(row.id());
        }
    }

    /** A task has finished, or is gone. */
    void remove(Row row) {
        for (TaskDependency edge : row.task().dependencies()) {
            byDependency.computeIfPresent(
                    edge.task(),
                    (task, dependants) -> {
                        dependants.remove(row.id());
                        return dependants.isEmpty() ? null : dependants;
                    });
        }
    }

    /** Whether its edges are open or not. */
    Set<TaskId> of(TaskId task) {
        return byDependency.getOrDefault(task, Set.of());
    }

    void clear() {
        byDependency.clear();
    }
}
