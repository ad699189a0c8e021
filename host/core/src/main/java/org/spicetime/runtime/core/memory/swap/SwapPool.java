// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.lang.foreign.MemorySegment;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * What swapping needs of a pool. Each call enters the lock of the pool for itself; none may be made
 * under a lock of this package. Thread-safe.
 */
public interface SwapPool {
    /**
     * A block for bytes that come back. Immutable.
     *
     * @param block its id in the plan of the pool
     * @param offset where it begins in the pool, bytes
     */
    record Place(long block, long offset) {}

    /** The bytes of a range of the pool, bound to no thread. */
    MemorySegment bytes(long offset, long size);

    /**
     * The bytes of a block are in the swap file: it goes back to the pool, and its owner holds as
     * many swapped bytes as it took.
     *
     * @param owner whose it is
     * @param block its id in the plan
     * @return how many
     */
    long leave(BlockOwner owner, long block);

    /**
     * Takes a block for bytes that come back; what it holds is undefined. Does not wait and makes
     * no room.
     *
     * @param owner whose it will be
     * @param size bytes
     * @param alignment a power of two
     * @throws RefusedException if there is no room now
     */
    Place enter(BlockOwner owner, long size, long alignment);

    /** A block from {@link #enter} is not needed. Nothing happens if it was released already. */
    void release(long block);

    /** Swapped bytes of an owner are swapped no more: they are back, or nobody's. */
    void settle(BlockOwner owner, long bytes);
}
