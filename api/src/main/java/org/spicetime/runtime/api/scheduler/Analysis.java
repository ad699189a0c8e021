// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;

/**
 * Answer of a {@link SchedulabilityTest}.
 *
 * <p>Immutable.
 *
 * @param schedulable whether every task is shown to meet its deadline
 * @param utilisation processors the set needs, the sum of cost / period; finite, not negative
 * @param bound utilisation up to which the test accepts a set of this size, in processors; empty:
 *     the test does not work by such a bound
 * @param responseTimes worst-case response times, as far as the test finds them; ids unique
 * @param reason why, in one sentence; not blank
 */
public record Analysis(
        boolean schedulable,
        double utilisation,
        OptionalDouble bound,
        List<ResponseTime> responseTimes,
        String reason) {

    /**
     * Checks the numbers and copies the list.
     *
     * @throws IllegalArgumentException if a number is not finite or negative, a task occurs twice,
     *     or the reason is blank
     */
    public Analysis {
        if (!(Double.isFinite(utilisation) && utilisation >= 0)) {
            throw new IllegalArgumentException(
                    "utilisation must be finite and not negative, was " + utilisation);
        }
        if (bound.isPresent()
                && !(Double.isFinite(bound.getAsDouble()) && bound.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    "bound must be finite and not negative, was " + bound.getAsDouble());
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("an analysis needs a reason");
        }
        responseTimes = List.copyOf(responseTimes);
        Set<UUID> seen = new HashSet<>();
        for (ResponseTime time : responseTimes) {
            if (!seen.add(time.id())) {
                throw new IllegalArgumentException(
                        "response time of " + time.id() + " is given twice");
            }
        }
    }

    /**
     * Longest time from release to end of one task.
     *
     * <p>Immutable.
     *
     * @param id the {@link TaskDemand} it belongs to
     * @param worstNanos ns, or {@link Long#MAX_VALUE}: no bound exists
     */
    public record ResponseTime(UUID id, long worstNanos) {

        /**
         * Checks the span.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public ResponseTime {
            if (worstNanos <= 0) {
                throw new IllegalArgumentException(
                        "response time must be positive, was " + worstNanos + " ns");
            }
        }
    }
}
