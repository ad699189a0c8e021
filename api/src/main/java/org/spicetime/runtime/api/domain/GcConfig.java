// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.Objects;

/**
 * Reclamation of memory in a domain's pool. Immutable.
 *
 * @param strategy algorithm
 * @param threshold pool occupancy at which a collection starts, 0.0 to 1.0
 * @param maxPause longest single pause aimed at; zero: no goal
 * @param interval between periodic collections; zero: only by threshold
 * @param compaction whether live blocks are moved together
 * @param onTaskEnd what follows when a task ends and still holds blocks
 */
public record GcConfig(
        GcStrategy strategy,
        double threshold,
        Duration maxPause,
        Duration interval,
        boolean compaction,
        LeakAction onTaskEnd) {
    public GcConfig {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(onTaskEnd, "onTaskEnd");
        if (!(threshold >= 0.0 && threshold <= 1.0))
            throw new IllegalArgumentException(
                    "garbageCollection.threshold must be 0.0 .. 1.0, was " + threshold);
        if (maxPause.isNegative())
            throw new IllegalArgumentException("maxPause must be 0 or more, was " + maxPause);
        if (interval.isNegative())
            throw new IllegalArgumentException("interval must be 0 or more, was " + interval);
    }
}
