// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/**
 * Processor time a domain can count on: its slots, and the share of them it gets.
 *
 * <p>Immutable.
 *
 * @param slots tasks that can run at once; at least 1
 * @param shareRatio part of each slot's time that is the domain's; above 0, at most 1
 */
public record Budget(int slots, double shareRatio) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a component is out of range
     */
    public Budget {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be at least 1, was " + slots);
        }
        if (!(shareRatio > 0 && shareRatio <= 1)) {
            throw new IllegalArgumentException(
                    "share must be above 0 and at most 1, was " + shareRatio);
        }
    }

    /**
     * The budget in processors.
     *
     * @return slots × share
     */
    public double processors() {
        return slots * shareRatio;
    }
}
