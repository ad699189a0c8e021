// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;

/**
 * A task as it was at one instant. Immutable.
 *
 * @param id unique, never reused
 * @param domain the domain it runs in
 * @param request what was asked for
 * @param handler name of its handler, the type's default filled in
 * @param durability whether it survives a crash, the domain's default filled in
 * @param priority base priority, larger is more urgent
 * @param effectivePriority after inheritance
 * @param deadline absolute deadline, a relative one resolved; null: none
 * @param phase fine state
 * @param attempt number of the present or last attempt, from 1; 0 before the first
 * @param createdAt when it was admitted
 * @param updatedAt when it last changed
 * @param dependencies the tasks it waits or waited for
 * @param metrics what it cost
 * @param deadlineMissed whether it missed its deadline
 * @param progress told by the handler, 0.0 to 1.0; absent: unknown
 * @param result of the handler; null unless completed
 * @param error why it failed; null unless failed
 * @param release which release of which schedule it is; null: it was asked for by itself
 */
public record Task(
        TaskId id,
        DomainId domain,
        TaskRequest request,
        String handler,
        Durability durability,
        int priority,
        int effectivePriority,
        @Nullable Instant deadline,
        TaskPhase phase,
        int attempt,
        Instant createdAt,
        Instant updatedAt,
        List<TaskDependency> dependencies,
        TaskMetrics metrics,
        boolean deadlineMissed,
        OptionalDouble progress,
        @Nullable Payload result,
        @Nullable RuntimeError error,
        @Nullable TaskRelease release) {
    public Task {
        dependencies = List.copyOf(dependencies);
    }

    /** The coarse state. */
    public TaskStatus status() {
        return phase.status();
    }
}
