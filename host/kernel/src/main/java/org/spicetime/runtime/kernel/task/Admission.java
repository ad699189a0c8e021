// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * One task to admit. Immutable.
 *
 * @param id its id, never used before
 * @param request what is asked for
 * @param handler name of its handler, the type's default filled in
 * @param foreign present state of those dependencies that live in other domains
 * @param release which release of which schedule it is; null: it was asked for by itself
 * @param periodNanos period of that schedule; {@link TaskEntry#NEVER}: none
 * @param locks names of the locks that its handler has declared
 */
public record Admission(
        TaskId id,
        TaskRequest request,
        String handler,
        Map<TaskId, ForeignTask> foreign,
        @Nullable TaskRelease release,
        long periodNanos,
        Set<String> locks) {
    public Admission {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        foreign = Map.copyOf(foreign);
        locks = Set.copyOf(locks);
    }

    /** Whose handler declares no locks. */
    public Admission(
            TaskId id,
            TaskRequest request,
            String handler,
            Map<TaskId, ForeignTask> foreign,
            @Nullable TaskRelease release,
            long periodNanos) {
        this(id, request, handler, foreign, release, periodNanos, Set.of());
    }

    /** The same with the locks that its handler has declared. */
    public Admission withLocks(Set<String> declared) {
        return declared.isEmpty()
                ? this
                : new Admission(id, request, handler, foreign, release, periodNanos, declared);
    }

    /** Asked for by itself. */
    public Admission(
            TaskId id, TaskRequest request, String handler, Map<TaskId, ForeignTask> foreign) {
        this(id, request, handler, foreign, null, TaskEntry.NEVER);
    }

    /** Without dependencies in other domains. */
    public Admission(TaskId id, TaskRequest request, String handler) {
        this(id, request, handler, Map.of());
    }
}
