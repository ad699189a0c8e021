// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.OptionalDouble;

/**
 * A latency distribution in microseconds; without samples every value but the count is absent.
 * Immutable.
 *
 * @param count number of samples
 */
public record LatencySummary(
        long count,
        OptionalDouble min,
        OptionalDouble mean,
        OptionalDouble p50,
        OptionalDouble p95,
        OptionalDouble p99,
        OptionalDouble p999,
        OptionalDouble max) {
    /** No samples. */
    public static final LatencySummary EMPTY =
            new LatencySummary(
                    0,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());
}
