// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Traffic of the machine's network interfaces together, the loopback left out. Rates need two
 * readings, so they are absent in the first sample.
 *
 * <p>Immutable.
 *
 * @param receivedBytes bytes received since the machine was started
 * @param sentBytes bytes sent since the machine was started
 * @param receivedPackets packets received since the machine was started
 * @param sentPackets packets sent since the machine was started
 * @param errors packets lost to errors in either direction since the machine was started
 * @param receivedBytesPerSecond bytes received per second
 * @param sentBytesPerSecond bytes sent per second
 */
public record NetworkCounters(
        OptionalLong receivedBytes,
        OptionalLong sentBytes,
        OptionalLong receivedPackets,
        OptionalLong sentPackets,
        OptionalLong errors,
        OptionalDouble receivedBytesPerSecond,
        OptionalDouble sentBytesPerSecond) {

    /** Nothing is known. */
    public static final NetworkCounters UNKNOWN =
            new NetworkCounters(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());

    /**
     * Checks the values that are present.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public NetworkCounters {
        Check.notNegative("received bytes", receivedBytes);
        Check.notNegative("sent bytes", sentBytes);
        Check.notNegative("received packets", receivedPackets);
        Check.notNegative("sent packets", sentPackets);
        Check.notNegative("network errors", errors);
        Check.notNegative("received bytes per second", receivedBytesPerSecond);
        Check.notNegative("sent bytes per second", sentBytesPerSecond);
    }
}
