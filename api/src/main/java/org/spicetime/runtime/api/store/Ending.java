// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.List;
import org.spicetime.runtime.api.task.TaskMetrics;

/**
 * What is written once, when a task has finished.
 *
 * <p>Immutable.
 *
 * @param metrics what it cost, over all attempts
 * @param transitions how it came here, in order; not empty
 */
public record Ending(TaskMetrics metrics, List<Transition> transitions) {

    /**
     * Checks that there is a way here.
     *
     * @throws IllegalArgumentException if there are no transitions
     */
    public Ending {
        transitions = List.copyOf(transitions);
        if (transitions.isEmpty()) {
            throw new IllegalArgumentException("a finished task has transitions");
        }
    }
}
