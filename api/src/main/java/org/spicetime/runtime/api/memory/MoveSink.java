// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes the moves an {@link AllocationStrategy} proposes. Called by one thread at a time, inside
 * {@link AllocationStrategy#planMoves} only.
 */
@ProviderType
public interface MoveSink {

    /**
     * Moves a block. The host copies its bytes before it answers; old and new place may overlap
     * each other, but no other live block.
     *
     * @param id the block
     * @param from its present offset
     * @param to its offset afterwards; aligned as it was asked for
     * @return true: copied, the strategy takes {@code to} over at once; false: the block is pinned
     *     or may not move, it stays, and the strategy goes on with another
     * @throws IllegalArgumentException if no such block lives there, or the new place is not free,
     *     misaligned or outside of the strategy's zones; the strategy is ejected
     */
    boolean move(long id, long from, long to);

    /**
     * Whether the time of this call is used up: every further move is refused, so the strategy
     * stops where it is and goes on from there at the next call. Cheap; ask before each move, and
     * every few dozen blocks that are passed over.
     *
     * @return true: return soon. The default has no limit of time
     */
    default boolean over() {
        return false;
    }
}
