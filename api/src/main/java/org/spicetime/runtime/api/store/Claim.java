// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.util.UUID;

/**
 * Which run of a task is meant. It only grows within an incarnation, so outside systems can refuse
 * the late effects of an earlier run.
 *
 * <p>Immutable.
 *
 * @param incarnation incarnation of the domain
 * @param epoch epoch of its owner; at least 1
 * @param attempt number of the attempt; at least 1
 */
public record Claim(UUID incarnation, long epoch, int attempt) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public Claim {
        Check.atLeast("epoch", epoch, 1);
        Check.atLeast("attempt", attempt, 1);
    }
}
