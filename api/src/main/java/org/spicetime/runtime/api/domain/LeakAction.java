// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** What follows when a task ends and still holds blocks; they are reclaimed in any case. */
public enum LeakAction {
    /** Nothing more. */
    RECLAIM,
    /** A warning in the log. */
    WARN,
    /** The task fails. */
    FAIL_TASK
}
