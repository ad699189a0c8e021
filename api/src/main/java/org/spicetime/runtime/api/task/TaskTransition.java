// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a task. Immutable.
 *
 * @param timestamp when
 * @param phase state after it; the same as before if only a value changed
 * @param worker slot of the domain concerned, from 0; null: none
 * @param actor who caused it; null: the host itself
 * @param message for people; null: nothing to add
 */
public record TaskTransition(
        Instant timestamp,
        TaskPhase phase,
        @Nullable Integer worker,
        @Nullable String actor,
        @Nullable String message) {
    public TaskTransition {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(phase, "phase");
    }
}
