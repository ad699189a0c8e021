// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * One step in the life of a task.
 *
 * <p>Immutable.
 *
 * @param at when
 * @param to phase afterwards
 * @param by who caused it; {@code host} for the host itself
 */
public record Transition(Instant at, TaskPhase to, String by) {

    /**
     * Checks that somebody is named.
     *
     * @throws IllegalArgumentException if nobody is
     */
    public Transition {
        Check.notBlank("by", by);
    }
}
