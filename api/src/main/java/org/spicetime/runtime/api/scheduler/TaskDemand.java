// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.util.UUID;

/**
 * What one periodic or sporadic task asks of the processor; the usual triple of cost, period and
 * relative deadline.
 *
 * <p>Immutable.
 *
 * @param id the task or schedule this stands for; found again in {@link Analysis#responseTimes()}
 * @param costNanos processor time of one release, ns; positive
 * @param periodNanos time between two releases, at least, ns; positive; {@link Long#MAX_VALUE}:
 *     there is one release only
 * @param relativeDeadlineNanos time from a release to its deadline, ns; positive; {@link
 *     Long#MAX_VALUE}: none, it counts as work only
 * @param priority base priority; larger is more urgent
 */
public record TaskDemand(
        UUID id, long costNanos, long periodNanos, long relativeDeadlineNanos, int priority) {

    /**
     * Checks the spans.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public TaskDemand {
        positive("cost", costNanos);
        positive("period", periodNanos);
        positive("relative deadline", relativeDeadlineNanos);
    }

    /**
     * Share of one processor it needs.
     *
     * @return cost / period; above 1 if it can never keep up
     */
    public double utilisation() {
        return (double) costNanos / periodNanos;
    }

    private static void positive(String what, long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException(what + " must be positive, was " + nanos + " ns");
        }
    }
}
