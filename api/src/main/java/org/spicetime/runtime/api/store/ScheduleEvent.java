// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/** Something that happened to a schedule. Immutable. */
public sealed interface ScheduleEvent extends StoreEvent {

    /**
     * Made or changed.
     *
     * <p>Immutable.
     *
     * @param schedule the schedule as it is now
     */
    record ScheduleSaved(ScheduleRecord schedule) implements ScheduleEvent {
        @Override
        public Instant at() {
            return schedule.updatedAt();
        }
    }

    /**
     * Deleted; tasks it released stay.
     *
     * <p>Immutable.
     *
     * @param schedule its id
     * @param at when
     * @param by who asked for it; not blank
     */
    record ScheduleDeleted(UUID schedule, Instant at, String by) implements ScheduleEvent {

        /**
         * Checks that somebody is named.
         *
         * @throws IllegalArgumentException if nobody is
         */
        public ScheduleDeleted {
            Check.notBlank("by", by);
        }
    }

    /**
     * A release is over or was left out. Stands in one append with the {@link TaskEvent.Submitted}
     * of what it released.
     *
     * <p>Immutable.
     *
     * @param schedule its id
     * @param at when
     * @param task what was released; null: nothing this time
     * @param skipped releases left out since the last one; not negative
     * @param nextRelease when it releases next; null: never again
     */
    record ScheduleAdvanced(
            UUID schedule,
            Instant at,
            @Nullable TaskId task,
            long skipped,
            @Nullable Instant nextRelease)
            implements ScheduleEvent {

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public ScheduleAdvanced {
            Check.notNegative("skipped", skipped);
        }
    }
}
