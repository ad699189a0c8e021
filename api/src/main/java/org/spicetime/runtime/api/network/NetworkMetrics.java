// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import java.util.OptionalDouble;

/**
 * Network use of a domain. Immutable.
 *
 * @param bandwidthLimit bytes per second granted; absent: no limit
 * @param roundTripMillis mean round-trip time over the last minute; absent without traffic
 * @param connections connections open now
 * @param throughputBytesPerSecond both directions, over the last 10 seconds
 */
public record NetworkMetrics(
        OptionalDouble bandwidthLimit,
        OptionalDouble roundTripMillis,
        int connections,
        double throughputBytesPerSecond) {
    /** A domain that has not used the network. */
    public static final NetworkMetrics UNUSED =
            new NetworkMetrics(OptionalDouble.empty(), OptionalDouble.empty(), 0, 0.0);
}
