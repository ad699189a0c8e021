// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.UUID;
import org.spicetime.runtime.api.task.TaskType;

/**
 * A task that is only its work and its rank: no request, no history, nothing stored, an id only if
 * somebody asks. The runtime derives from it. Guarded by the caller; its kind and its instants are
 * set before it is submitted.
 */
public abstract non-sealed class LightTask extends SlicedTask {
    private final LightKind kind;
    private long deadline = NEVER;
    private long releasedAt = NEVER;
    long seq = -1;

    /* It has slices, and keeps its thread when it loses its slot. */
    boolean started;

    /* It was picked, and has not lost its slot, waits for nothing and has not ended. */
    boolean onWorker;

    /** A task that was not submitted yet. */
    protected LightTask(LightKind kind) {
        this.kind = kind;
    }

    /** Tells when it is submitted. Before the kernel sees it; needed if its kind has a deadline. */
    public final void submittedAt(long nanos) {
        releasedAt = nanos;
        if (kind.relativeDeadlineNanos != NEVER)
            deadline = Now.saturatedSum(nanos, kind.relativeDeadlineNanos);
    }

    /** Whether it has a deadline. */
    public final boolean hasDeadline() {
        return kind.relativeDeadlineNanos != NEVER;
    }

    @Override
    public final UUID id() {
        return kind.id(seq);
    }

    @Override
    public final long seq() {
        return seq;
    }

    @Override
    public final TaskType type() {
        return kind.type;
    }

    @Override
    public final int priority() {
        return kind.range.clamp(kind.priority);
    }

    @Override
    public final int basePriority() {
        return priority();
    }

    @Override
    public final long releasedAt() {
        return releasedAt;
    }

    @Override
    public final long deadline() {
        return deadline;
    }

    @Override
    public final long relativeDeadline() {
        return kind.relativeDeadlineNanos;
    }

    @Override
    public final long period() {
        return NEVER;
    }

    @Override
    public final long estimatedNanos() {
        return kind.estimatedNanos;
    }

    @Override
    public final boolean started() {
        return started;
    }

    @Override
    final boolean toEnd() {
        return false;
    }

    @Override
    public String toString() {
        return "light task " + seq;
    }
}
