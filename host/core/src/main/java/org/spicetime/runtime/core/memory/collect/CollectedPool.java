// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import org.spicetime.runtime.api.memory.MemoryMetrics;

/**
 * What a collection does to a pool. Thread-safe; each call holds the lock of the pool once, and
 * those that take a timer no longer than it allows. After the end of the pool they do nothing.
 */
public interface CollectedPool {
    /** The two reasons to move blocks. */
    enum Motion {
        /** Blocks of former strategies go to the one in charge. */
        MIGRATE,
        /** The strategy in charge moves its blocks together. */
        COMPACT
    }

    /**
     * Takes back what threads that have ended left behind.
     *
     * @return bytes
     */
    long reclaimAbandoned();

    /**
     * Moves some blocks.
     *
     * @param motion why
     * @param mover copies
     * @param timer limits the step
     * @return whether a further step might achieve more
     */
    boolean moveStep(Motion motion, CopyingMover mover, StepTimer timer);

    /** Whether there are blocks that may be moved, and a strategy that plans moves. */
    boolean compactable();

    /** Largest free piece, bytes. */
    long largestFreeBytes();

    /** Bytes that are neither used nor kept for anybody. */
    long availableBytes();

    /** Bytes of live blocks. */
    long usedBytes();

    /** Share of the pool that is used, 0 to 1. */
    double occupancy();

    /** Number of live blocks. */
    long liveBlocks();

    /** Compares the blocks of the strategy with the host's own book. */
    void audit(StepTimer timer);

    /** Number of zones; 0 after the end of the pool. */
    int zones();

    /** Whether a zone is free, was in use, and has not gone back to the machine. */
    boolean returnable(int zone);

    /**
     * Returns a part of a zone to the machine, if the zone is still free.
     *
     * @param zone which
     * @param from bytes from its beginning
     * @param timer measures the step
     * @return bytes from its beginning where to go on; 0: the zone is done, or not free
     */
    long discardStep(int zone, long from, StepTimer timer);

    /**
     * A collection has ended.
     *
     * @return the pool afterwards
     */
    MemoryMetrics collected();
}
