// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Order among tasks that the scheduling policy ranks equal; the order of admission comes last. */
public enum QueuePolicy {
    /** Oldest first. */
    FIFO,
    /** Newest first. */
    LIFO,
    /** Larger priority first. */
    PRIORITY,
    /** Earlier deadline first. */
    DEADLINE,
    /** Smaller expected run time first. */
    SHORTEST_FIRST,
    /** In turn over task types. */
    FAIR
}
