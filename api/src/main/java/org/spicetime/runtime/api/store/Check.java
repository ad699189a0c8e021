// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;

/** Checks of the values in this package. Thread-safe. */
final class Check {

    private Check() {}

    static void notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
    }

    static void atLeast(String what, long value, long smallest) {
        if (value < smallest) {
            throw new IllegalArgumentException(
                    what + " must be at least " + smallest + ", was " + value);
        }
    }

    static void notBlank(String what, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank");
        }
    }

    /** A task that has not run yet waits for its time or for others, or is ready. */
    static void unstarted(TaskId task, TaskPhase phase) {
        phase(task, phase, TaskPhase.SCHEDULED, TaskPhase.WAITING_DEPENDENCY, TaskPhase.READY);
    }

    static void phase(TaskId task, TaskPhase phase, TaskPhase... allowed) {
        if (!List.of(allowed).contains(phase)) {
            throw new IllegalArgumentException(
                    "task %s: phase must be one of %s, was %s"
                            .formatted(task, List.of(allowed), phase));
        }
    }
}
