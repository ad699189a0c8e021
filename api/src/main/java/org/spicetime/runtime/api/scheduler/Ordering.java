// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/** How closely a domain's picks follow its policy. Immutable. */
public enum Ordering {
    /**
     * Each pick is the most urgent task of the domain at that moment. The host may take several
     * picks in a row before they run, as long as their order is kept; work stealing and batches
     * have no effect.
     */
    STRICT,
    /** Workers may hold tasks in queues of their own and steal from each other. */
    RELAXED
}
