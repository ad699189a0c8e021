// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

/**
 * What a change of many tasks did. Immutable.
 *
 * @param matched tasks that matched and could be changed
 * @param changed tasks that were changed, at most {@value #MAX_CHANGED}; 0 for a rehearsal
 * @param more whether tasks that match are left; ask again
 */
public record BulkResult(int matched, int changed, boolean more) {
    /** Most tasks changed by one call. */
    public static final int MAX_CHANGED = 10_000;
}
