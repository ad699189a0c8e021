// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * What the store knows of a task, once all events handed to it have taken effect. Guarded by the
 * domain's guard.
 */
final class StoredTask {

    TaskPhase phase;
    int attempt;
    int priority;
    boolean missed;

    /** Progress as it was told last; negative: not yet. */
    double progress = -1;

    /** When progress or a line was told last, on the monotonic clock. */
    long toldNanos;

    /** Tasks it waited for, of which the store knows that they did what was waited for. */
    private @Nullable Set<TaskId> resolved;

    /** Who decided its end, and why; kept until the end can be seen. */
    @Nullable String actor;

    @Nullable String why;

    StoredTask(TaskPhase phase, int attempt, int priority, boolean missed) {
        this.phase = phase;
        this.attempt = attempt;
        this.priority = priority;
        this.missed = missed;
    }

    boolean running() {
        return phase == TaskPhase.RUNNING || phase == TaskPhase.CANCELLING;
    }

    /** Whether the store did not know it; it does now. */
    boolean resolve(TaskId dependency) {
        if (resolved == null) {
            resolved = new HashSet<>(4);
        }
        return resolved.add(dependency);
    }
}
