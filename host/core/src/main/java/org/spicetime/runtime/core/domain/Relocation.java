// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/** References into a batch of which a part is known already. */
final class Relocation {

    private Relocation() {}

    /**
     * The fresh requests of a batch, their references into it rewritten.
     *
     * @param place index among the fresh requests; -1: known
     */
    static List<TaskRequest> relocated(
            List<TaskRequest> fresh, int[] place, Map<Integer, TaskId> known) {
        if (fresh.size() == place.length) {
            return fresh;
        }
        return fresh.stream().map(request -> relocated(request, place, known)).toList();
    }

    private static TaskRequest relocated(
            TaskRequest request, int[] place, Map<Integer, TaskId> known) {
        List<DependencyRequest> dependencies = new ArrayList<>();
        boolean changed = false;
        for (DependencyRequest dependency : request.dependencies()) {
            DependencyRequest moved = dependency;
            if (dependency.task() instanceof TaskRef.InBatch in && in.index() < place.length) {
                TaskId id = known.get(in.index());
                TaskRef target =
                        id == null
                                ? new TaskRef.InBatch(place[in.index()])
                                : new TaskRef.Existing(id);
                moved = new DependencyRequest(target, dependency.type(), dependency.timeout());
                changed = true;
            }
            dependencies.add(moved);
        }
        return changed ? withDependencies(request, dependencies) : request;
    }

    private static TaskRequest withDependencies(
            TaskRequest request, List<DependencyRequest> dependencies) {
        TaskRequest.Builder moved = request.toBuilder().withoutDependencies();
        dependencies.forEach(moved::dependsOn);
        return moved.build();
    }
}
