// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * A schedule as it is stored.
 *
 * <p>Immutable.
 *
 * @param id its id
 * @param name unique in its domain; not blank
 * @param definition period or cron, zone, overlap, misfire and the task's template, as JSON the
 *     store does not look into; not blank
 * @param paused whether it releases nothing for now
 * @param nextRelease when it releases next; null: never again
 * @param lastTask the task it released last; null: none yet
 * @param released releases so far; not negative
 * @param skipped releases left out so far; not negative
 * @param revision counts its changes, from 1
 * @param owner who made it; not blank
 * @param changedBy who changed it last; not blank
 * @param createdAt when it was made
 * @param updatedAt when it last changed
 */
public record ScheduleRecord(
        UUID id,
        String name,
        String definition,
        boolean paused,
        @Nullable Instant nextRelease,
        @Nullable TaskId lastTask,
        long released,
        long skipped,
        long revision,
        String owner,
        String changedBy,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Checks texts and numbers.
     *
     * @throws IllegalArgumentException if a component is not as described
     */
    public ScheduleRecord {
        Check.notBlank("name", name);
        Check.notBlank("definition", definition);
        Check.notNegative("released", released);
        Check.notNegative("skipped", skipped);
        Check.atLeast("revision", revision, 1);
        Check.notBlank("owner", owner);
        Check.notBlank("changed by", changedBy);
    }
}
