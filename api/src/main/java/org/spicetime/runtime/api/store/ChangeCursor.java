// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.UUID;

/**
 * A place in the sequence of a domain's visible changes.
 *
 * <p>Immutable.
 *
 * @param incarnation incarnation of the domain the sequence belongs to
 * @param changedSeq number of the last change seen; 0: before the first
 */
public record ChangeCursor(UUID incarnation, long changedSeq) {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ChangeCursor {
        Check.notNegative("changed seq", changedSeq);
    }
}
