// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

/** Where the bytes of swapped blocks are. Thread-safe. */
public interface SwapSpace {
    /**
     * Somebody wants to pin a block that was found swapped. Returns when it is in the pool, or may
     * be; the caller looks again. On the thread that pins; no lock is held.
     *
     * @param handle of the block; SWAPPED a moment ago, perhaps no longer
     * @throws org.spicetime.runtime.api.error.RefusedException if it cannot be read back; it is
     *     swapped out still
     */
    void bringBack(Movable handle);

    /**
     * A swapped block was freed: its slot is free. No lock is held.
     *
     * @param handle of the block; FREED
     */
    void discard(Movable handle);

    /** A block was pinned, in a pool that observes that. On the thread that pinned; to be quick. */
    default void pinned(Movable handle) {}

    /** Whether {@link #pinned} is to be called; asked at each pin. */
    default boolean observesPins() {
        return false;
    }
}
