// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.util.Optional;

/**
 * Why {@link AllocationStrategy#allocate} gave no block. Each reason is one negative number, so
 * that the common call returns a plain long and allocates nothing on the heap.
 *
 * <p>Immutable.
 */
public enum AllocationFailure {
    /** Fewer free bytes than asked for; releasing blocks helps. */
    NO_SPACE(-1),
    /** Enough free bytes, but not in one piece; compaction helps. */
    FRAGMENTED(-2),
    /** More than the strategy hands out in one block; only another strategy or pool helps. */
    TOO_LARGE(-3);

    private final long result;

    AllocationFailure(long result) {
        this.result = result;
    }

    /**
     * The number that stands for it.
     *
     * @return negative
     */
    public long result() {
        return result;
    }

    /**
     * Reads the answer of an allocation.
     *
     * @param result what {@link AllocationStrategy#allocate} returned
     * @return the reason; empty: it is a block id
     * @throws IllegalArgumentException if it is negative and stands for nothing
     */
    public static Optional<AllocationFailure> of(long result) {
        if (result >= 0) {
            return Optional.empty();
        }
        for (AllocationFailure failure : values()) {
            if (failure.result == result) {
                return Optional.of(failure);
            }
        }
        throw new IllegalArgumentException(
                "result of an allocation must be a block id or -1 to -3, was " + result);
    }
}
