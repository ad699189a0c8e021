// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What clients may take of the HTTP server. Immutable.
 *
 * @param all connections at a time
 * @param perAddress connections of one address at a time
 * @param head how long a request line and its headers may take
 */
record ConnectionLimits(int all, int perAddress, Duration head) {
    private static final int FEWEST = 16;
    private static final int MOST = 1_000_000;
    private static final int LONGEST_SECONDS = 3_600;

    /** As configured, within what the process can hold. */
    static ConnectionLimits of(ConnectionSettings settings) {
        return within(
                settings.connections(),
                settings.connectionsPerAddress(),
                settings.headSeconds(),
                openFiles());
    }

    /** The nearest ones inside of the ranges, for a process that may have so many files open. */
    static ConnectionLimits within(int all, int perAddress, int headSeconds, long openFiles) {
        int possible = Math.clamp(openFiles / 2, FEWEST, MOST);
        return new ConnectionLimits(
                Math.clamp(all, FEWEST, possible),
                Math.clamp(perAddress, 1, MOST),
                Duration.ofSeconds(Math.clamp(headSeconds, 1, LONGEST_SECONDS)));
    }

    // By name, because not every JVM has the interface that tells it.
    private static long openFiles() {
        try {
            Object most =
                    ManagementFactory.getPlatformMBeanServer()
                            .getAttribute(
                                    new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME),
                                    "MaxFileDescriptorCount");
            return most instanceof Long count ? count : Long.MAX_VALUE;
        } catch (JMException e) {
            return Long.MAX_VALUE;
        }
    }
}
