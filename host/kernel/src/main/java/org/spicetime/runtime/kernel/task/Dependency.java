// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;

/** That one task waits for another. Guarded by the caller. */
final class Dependency {
    /** What the state of the task waited for means. */
    enum Verdict {
        WAIT,
        MET,
        BROKEN
    }

    final TaskEntry dependant;
    final TaskId on;
    final DependencyType type;
    final Duration timeout;

    /** Null: it lives in another domain, or it ended long ago and is not kept. */
    @Nullable TaskEntry prerequisite;

    /** Whether it ended long ago and is not kept. */
    boolean forgotten;

    /** Whether it is waited for no more. */
    boolean satisfied;

    /**
     * Whether its outcome still matters to the dependant; the prerequisite's list has these first.
     */
    boolean waiting = true;

    @Nullable Payload input;
    @Nullable Timer timer;
    @Nullable Dependants list;
    @Nullable Dependency previous;
    @Nullable Dependency next;

    Dependency(TaskEntry dependant, TaskId on, DependencyType type, Duration timeout) {
        this.dependant = dependant;
        this.on = on;
        this.type = type;
        this.timeout = timeout;
    }

    Verdict verdict(TaskPhase phase, boolean dispatched) {
        return switch (type) {
            case SUCCESS, DATA -> phase == TaskPhase.COMPLETED ? Verdict.MET : brokenAtEnd(phase);
            case START -> dispatched ? Verdict.MET : brokenAtEnd(phase);
            case COMPLETION, SOFT -> phase.isFinal() ? Verdict.MET : Verdict.WAIT;
        };
    }

    private static Verdict brokenAtEnd(TaskPhase phase) {
        return phase.isFinal() ? Verdict.BROKEN : Verdict.WAIT;
    }

    TaskDependency snapshot() {
        return new TaskDependency(on, type, timeout, satisfied);
    }
}
