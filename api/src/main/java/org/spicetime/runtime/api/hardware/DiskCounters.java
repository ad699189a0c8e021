// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Traffic of the machine's local disks together. Rates need two readings, so they are absent in the
 * first sample.
 *
 * <p>Immutable.
 *
 * @param readBytes bytes read since the machine was started
 * @param writtenBytes bytes written since the machine was started
 * @param reads read operations since the machine was started
 * @param writes write operations since the machine was started
 * @param readBytesPerSecond bytes read per second
 * @param writtenBytesPerSecond bytes written per second
 * @param operationsPerSecond read and write operations per second
 */
public record DiskCounters(
        OptionalLong readBytes,
        OptionalLong writtenBytes,
        OptionalLong reads,
        OptionalLong writes,
        OptionalDouble readBytesPerSecond,
        OptionalDouble writtenBytesPerSecond,
        OptionalDouble operationsPerSecond) {

    /** Nothing is known. */
    public static final DiskCounters UNKNOWN =
            new DiskCounters(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());

    /**
     * Checks the values that are present.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public DiskCounters {
        Check.notNegative("read bytes", readBytes);
        Check.notNegative("written bytes", writtenBytes);
        Check.notNegative("reads", reads);
        Check.notNegative("writes", writes);
        Check.notNegative("read bytes per second", readBytesPerSecond);
        Check.notNegative("written bytes per second", writtenBytesPerSecond);
        Check.notNegative("operations per second", operationsPerSecond);
    }
}
