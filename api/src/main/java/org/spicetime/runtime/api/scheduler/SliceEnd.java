// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/** Why a task left its slot. Immutable. */
public enum SliceEnd {
    /** Its attempt ended, well or badly. */
    FINISHED,
    /** A more urgent task took the slot. */
    PREEMPTED,
    /** Its quantum is used up. */
    QUANTUM,
    /** It waits for a resource. */
    BLOCKED,
    /** It gave up the slot of its own accord. */
    YIELDED
}
