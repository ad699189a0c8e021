// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.magazine.Takings;

/**
 * Where the blocks of one owner come from and go to: a pool. Thread-safe; holds no lock when it
 * returns.
 */
public interface BlockSource {
    /**
     * A block that was taken. Immutable.
     *
     * @param id in the plan of the pool
     * @param offset where it begins in the pool, bytes
     */
    record Block(long id, long offset) {}

    /**
     * Takes a block for the owner; it reads as zero.
     *
     * @param size bytes, positive
     * @param alignment a power of two
     * @param movable whether it may be moved by who freezes its handle
     * @throws org.spicetime.runtime.api.error.RefusedException if it cannot be had now
     * @throws IllegalStateException if the pool is closed
     */
    Block take(long size, long alignment, boolean movable);

    /**
     * As {@link #take(long, long, boolean)}, but waits for what others hold now. On a thread that
     * runs a task, it has no slot meanwhile.
     *
     * @param timeout how long at most; zero or less: not at all
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Block take(long size, long alignment, boolean movable, Duration timeout)
            throws InterruptedException;

    /**
     * What the owner takes from the magazine of the calling worker; null: it has to take everything
     * from here. Such blocks are not zero, and are not known here.
     */
    @Nullable Takings takings();

    /** Gives a block back. Nothing happens if it does not live any more. */
    void release(long block);

    /**
     * The owner ends, but somebody can still reach this block: it is kept back, and counts as
     * leaked until it is released. Nothing happens if it does not live any more.
     */
    void keepBack(long block);

    /** The address of an offset within a block of the owner that lives. Without a lock. */
    long address(long offset);

    /** What the owner holds, bytes, rounding included. */
    long usedBytes();

    /** The most it held at once, bytes. */
    long peakBytes();

    /** The most it may hold, bytes; {@link Long#MAX_VALUE}: what the pool has. */
    long quotaBytes();

    /** Size of the pool, bytes. */
    long poolBytes();

    /** Largest alignment of an address, bytes. */
    long mostAlignment();
}
