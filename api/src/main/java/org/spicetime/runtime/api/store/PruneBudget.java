// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Duration;

/**
 * How much one call may remove, so that pruning never delays admissions for long.
 *
 * <p>Immutable.
 *
 * @param maxTasks most tasks; positive
 * @param maxTime longest time; positive
 */
public record PruneBudget(int maxTasks, Duration maxTime) {

    /**
     * Checks the signs.
     *
     * @throws IllegalArgumentException if a limit is not positive
     */
    public PruneBudget {
        Check.atLeast("most tasks", maxTasks, 1);
        if (!maxTime.isPositive()) {
            throw new IllegalArgumentException("longest time must be positive, was " + maxTime);
        }
    }
}
