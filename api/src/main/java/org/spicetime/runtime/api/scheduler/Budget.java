// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/**
 * Processor time a domain can count on: its slots, the share of them it gets, and how soon.
 *
 * <p>Immutable.
 *
 * @param slots tasks that can run at once; at least 1
 * @param shareRatio part of each slot's time that is the domain's; above 0, at most 1
 * @param preemptive whether a more urgent task takes the slot of a running one; otherwise each runs
 *     to its end
 * @param blockingNanos longest time for which a ready task waits although nobody more urgent runs
 *     or is ready, beyond what {@code preemptive} tells: code that does not give way, gaps in the
 *     share; ns, not negative
 */
public record Budget(int slots, double shareRatio, boolean preemptive, long blockingNanos) {

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
        if (blockingNanos < 0) {
            throw new IllegalArgumentException(
                    "blocking must not be negative, was " + blockingNanos + " ns");
        }
    }

    /**
     * Slots with preemption at every instant.
     *
     * @param slots tasks that can run at once; at least 1
     * @param shareRatio part of each slot's time that is the domain's; above 0, at most 1
     */
    public Budget(int slots, double shareRatio) {
        this(slots, shareRatio, true, 0);
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
