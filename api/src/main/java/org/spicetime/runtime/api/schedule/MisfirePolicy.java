// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

/**
 * What follows when releases were missed: their instants passed while the host or the domain did
 * not run, or while the domain could not admit.
 */
public enum MisfirePolicy {
    /** They are left out. */
    SKIP,
    /** One is made up for, the newest. */
    RUN_ONCE,
    /** All are made up for, oldest first, up to {@value Schedule#MAX_MADE_UP} of the newest. */
    RUN_ALL
}
