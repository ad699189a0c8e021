// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.spring;

import java.util.List;
import java.util.Map;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;

/** The root fields that are asked for. Thread-safe. */
@Controller
class TaskController {
    private final TaskTable tasks;

    TaskController(TaskTable tasks) {
        this.tasks = tasks;
    }

    @QueryMapping
    Map<String, Object> domain(@Argument String id) {
        return tasks.domain();
    }

    @QueryMapping
    List<Map<String, Object>> tasks(@Argument String domainId) {
        return tasks.all();
    }

    @MutationMapping
    Map<String, Object> updateTaskPriority(@Argument String taskId, @Argument int priority) {
        return tasks.change(taskId, priority);
    }

    @SubscriptionMapping
    Flux<Map<String, Object>> taskUpdated(@Argument String taskId) {
        return tasks.watch(taskId);
    }
}
