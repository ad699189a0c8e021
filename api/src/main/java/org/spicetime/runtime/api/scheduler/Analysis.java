// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;

/**
 * Answer of a {@link SchedulabilityTest}.
 *
 * <p>Immutable.
 *
 * @param verdict whether every task meets its deadline, as far as the test can tell
 * @param utilisation processors the set needs, the sum of cost / period; finite, not negative
 * @param bound utilisation up to which the policy guarantees a set of this size, in processors;
 *     empty: none is known for such a set
 * @param responseTimes worst-case response times, as far as the test finds them; ids unique
 * @param shortfall what the set lacks to be guaranteed; empty: nothing, or no single number tells
 * @param reason why, in one sentence; not blank
 */
public record Analysis(
        Verdict verdict,
        double utilisation,
        OptionalDouble bound,
        List<ResponseTime> responseTimes,
        Optional<Shortfall> shortfall,
        String reason) {

    /**
     * Checks the numbers and copies the list.
     *
     * @throws IllegalArgumentException if a number is not finite or negative, a task occurs twice,
     *     or the reason is blank
     */
    public Analysis {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(shortfall, "shortfall");
        notNegative("utilisation", utilisation);
        bound.ifPresent(value -> notNegative("bound", value));
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
     * Whether all deadlines are guaranteed.
     *
     * @return true if the verdict is {@link Verdict#GUARANTEED}
     */
    public boolean schedulable() {
        return verdict == Verdict.GUARANTEED;
    }

    private static void notNegative(String what, double value) {
        if (!(Double.isFinite(value) && value >= 0)) {
            throw new IllegalArgumentException(
                    what + " must be finite and not negative, was " + value);
        }
    }

    /** What a test found out. Thread-safe. */
    public enum Verdict {
        /** Every task meets its deadline, whenever the releases come. */
        GUARANTEED,
        /** Releases exist that make a task miss its deadline. */
        REFUTED,
        /** The test is only sufficient and failed, or it would take too long. */
        UNKNOWN
    }

    /**
     * The comparison that failed first.
     *
     * <p>Immutable.
     *
     * @param test name of the test or bound, for people; not blank
     * @param task the task it failed for; empty: the set as a whole
     * @param value what there is; above {@code limit}
     * @param limit what may be, at most
     * @param unit of both, {@code processors} or {@code ns}
     */
    public record Shortfall(
            String test, Optional<UUID> task, double value, double limit, String unit) {

        /**
         * Checks the texts.
         *
         * @throws IllegalArgumentException if a text is blank
         */
        public Shortfall {
            Objects.requireNonNull(task, "task");
            if (test.isBlank() || unit.isBlank()) {
                throw new IllegalArgumentException("a shortfall needs a test and a unit");
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
