// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/** What a page of tasks is ordered by; equal ones in the order of their ids. Immutable. */
public enum TaskOrder {
    /**
     * The order in which the scheduler would run them: running, ready, later, blocked, finished.
     */
    SCHEDULE,
    /** Admission. */
    CREATED_AT,
    /** Last change. */
    UPDATED_AT,
    /** Base priority. */
    PRIORITY,
    /** Deadline, none last, whichever the direction. */
    DEADLINE
}
