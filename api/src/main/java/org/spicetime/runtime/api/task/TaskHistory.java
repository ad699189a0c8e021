// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.util.List;

/**
 * What happened to a task. Of a very long life the host keeps the beginning and the newest part.
 * Immutable.
 *
 * @param transitions what happened, oldest first
 * @param attempts tries to run it, oldest first
 * @param waits times it could not run, oldest first; the last one is open while it waits
 */
public record TaskHistory(
        List<TaskTransition> transitions, List<TaskAttempt> attempts, List<TaskWait> waits) {
    public TaskHistory {
        transitions = List.copyOf(transitions);
        attempts = List.copyOf(attempts);
        waits = List.copyOf(waits);
    }
}
