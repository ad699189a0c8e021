// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import java.util.OptionalLong;

/**
 * Main memory and swap space of the machine.
 *
 * <p>Immutable.
 *
 * @param totalBytes main memory
 * @param availableBytes main memory that programs can still get without swapping
 * @param swapTotalBytes swap space
 * @param swapUsedBytes swap space in use
 * @param processResidentBytes main memory this process holds
 */
public record MemorySample(
        OptionalLong totalBytes,
        OptionalLong availableBytes,
        OptionalLong swapTotalBytes,
        OptionalLong swapUsedBytes,
        OptionalLong processResidentBytes) {

    /** Nothing is known. */
    public static final MemorySample UNKNOWN =
            new MemorySample(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());

    /**
     * Checks the values that are present.
     *
     * @throws IllegalArgumentException if one is negative, or memory is available beyond the total
     */
    public MemorySample {
        Check.positive("total memory", totalBytes);
        Check.notNegative("available memory", availableBytes);
        Check.notNegative("swap space", swapTotalBytes);
        Check.notNegative("used swap space", swapUsedBytes);
        Check.positive("resident memory of the process", processResidentBytes);
        Check.partOf("available memory", availableBytes, totalBytes);
        Check.partOf("used swap space", swapUsedBytes, swapTotalBytes);
    }

    /**
     * Main memory in use.
     *
     * @return bytes; empty if total or available memory is unknown
     */
    public OptionalLong usedBytes() {
        return totalBytes.isPresent() && availableBytes.isPresent()
                ? OptionalLong.of(totalBytes.getAsLong() - availableBytes.getAsLong())
                : OptionalLong.empty();
    }
}
