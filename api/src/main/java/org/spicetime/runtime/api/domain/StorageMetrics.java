// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Disk use of a domain; what is not counted is absent. Immutable.
 *
 * @param totalBytes quota
 * @param usedBytes in use
 * @param freeBytes left of the quota
 * @param bytesRead read since the start
 * @param bytesWritten written since the start
 * @param operationsPerSecond reads and writes over the last 10 seconds
 */
public record StorageMetrics(
        OptionalLong totalBytes,
        OptionalLong usedBytes,
        OptionalLong freeBytes,
        OptionalLong bytesRead,
        OptionalLong bytesWritten,
        OptionalDouble operationsPerSecond) {
    /** Nothing is counted. */
    public static final StorageMetrics UNKNOWN =
            new StorageMetrics(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty());
}
