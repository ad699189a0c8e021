// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import org.spicetime.runtime.api.domain.SwapPolicy;

/**
 * The order in which blocks go to the swap file. Blocks are small numbers; memory is not seen.
 * Resident blocks are in the order, others are not.
 *
 * <p>Guarded by the caller.
 */
interface VictimSelector {
    /** There is no block. */
    int NONE = -1;

    /** A block that is not in the order is resident: new, or read back. */
    void added(int id);

    /** A block ends, whether it is in the order or not; its number may be used again. */
    void ended(int id);

    /**
     * Takes the block out of the order that should go first.
     *
     * @return its number, or {@link #NONE}
     */
    int next();

    /**
     * A block that {@link #next} took could not go, because it is in use: it is in the order again.
     */
    default void spared(int id) {
        added(id);
    }

    /** Whether {@link #pinned} is to be called, at a price for every pin: a lock is taken. */
    default boolean countsPins() {
        return false;
    }

    /** A block is used. Does nothing to one that is not in the order. */
    default void pinned(int id) {}

    /**
     * The selector of a policy, empty.
     *
     * @param policy any but NONE
     * @param blocks what is known of the blocks
     */
    static VictimSelector of(SwapPolicy policy, BlockView blocks) {
        return switch (policy) {
            case LRU -> new LeastRecentlyUsed();
            case LFU -> new LeastFrequentlyUsed();
            case CLOCK -> new SecondChance(blocks);
            case FIFO -> new FirstInFirstOut();
            case PRIORITY -> new LeastUrgent(blocks);
            case NONE -> throw new IllegalArgumentException("policy NONE selects nothing");
        };
    }
}
