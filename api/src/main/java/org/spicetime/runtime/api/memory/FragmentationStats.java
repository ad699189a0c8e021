// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.util.OptionalDouble;

/**
 * How the free memory of a strategy lies.
 *
 * <p>Immutable.
 *
 * @param freeBytes free bytes in all
 * @param largestFreeBytes largest block that could be allocated now
 * @param freeBlocks number of separate pieces of free memory
 * @param internalWasteBytes bytes inside live blocks beyond what was asked for
 */
public record FragmentationStats(
        long freeBytes, long largestFreeBytes, long freeBlocks, long internalWasteBytes) {

    /**
     * Checks the numbers against each other.
     *
     * @throws IllegalArgumentException if one is negative, or the largest piece exceeds the whole
     */
    public FragmentationStats {
        notNegative("free bytes", freeBytes);
        notNegative("largest free bytes", largestFreeBytes);
        notNegative("free blocks", freeBlocks);
        notNegative("internal waste", internalWasteBytes);
        if (largestFreeBytes > freeBytes) {
            throw new IllegalArgumentException(
                    "largest free block cannot exceed free memory, was %d > %d bytes"
                            .formatted(largestFreeBytes, freeBytes));
        }
    }

    /**
     * Share of free memory that is not in the largest free block.
     *
     * @return 0 to 1; empty: nothing is free
     */
    public OptionalDouble fragmentationRatio() {
        return freeBytes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1.0 - (double) largestFreeBytes / freeBytes);
    }

    private static void notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
    }
}
