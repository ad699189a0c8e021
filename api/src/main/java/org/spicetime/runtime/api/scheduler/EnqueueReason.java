// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/** Why a task enters a policy's queue. Immutable. */
public enum EnqueueReason {
    /** It became ready for the first time, or for a further attempt. */
    NEW,
    /** It waited for a resource and no longer does. */
    WOKEN,
    /** A more urgent task took its slot. */
    PREEMPTED,
    /** It gave up its slot of its own accord. */
    YIELDED,
    /** Its quantum is used up. */
    EXPIRED,
    /** It was queued under another policy, which this one replaces. */
    MIGRATED
}
