// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.Objects;

/**
 * A task of a recorded run: what it was and what became of it. Times are in nanoseconds. Immutable.
 *
 * @param task its release, counted from the first of the recording, its deadline and its steps
 * @param end when it ended, counted likewise
 * @param missed whether that was after its deadline
 */
public record RecordedTask(SimulatedTask task, long end, boolean missed) {
    /**
     * Checks the task.
     *
     * @throws IllegalArgumentException if it is periodic, or ended before its release
     */
    public RecordedTask {
        Objects.requireNonNull(task, "task");
        if (task.period() != 0) {
            throw new IllegalArgumentException("each release of " + task.name() + " is a task");
        }
        if (end < task.release()) {
            throw new IllegalArgumentException(
                    task.name() + " ended at " + end + ", before its release " + task.release());
        }
    }
}
