// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * A movable block that may be swapped out, with what swapping has to know of it. Where it is stored
 * is written by who froze the handle, and read by who froze it or made it nobody's.
 */
final class SwappableBlock {
    private final Movable handle;
    private final int id;
    private volatile @Nullable StoredBlock stored;
    private volatile long storedSize;

    /* Guarded by SwappableBlocks: whether it is not in the order of the selector. */
    boolean away;

    /* Guarded by SwappableBlocks: pins of it that were counted. */
    int countedPins;

    SwappableBlock(Movable handle, int id) {
        this.handle = handle;
        this.id = id;
        countedPins = handle.uses();
    }

    Movable handle() {
        return handle;
    }

    int id() {
        return id;
    }

    BlockOwner account() {
        return handle.owner().account();
    }

    /** Whether it is not swapped out whatever happens. */
    boolean stays() {
        return account().limited() || account().quarantined();
    }

    /** Where its bytes are in the file; null: they are in the pool. */
    @Nullable StoredBlock stored() {
        return stored;
    }

    /** Bytes of the pool it took when it left, rounding included. */
    long storedSize() {
        return storedSize;
    }

    void left(StoredBlock where, long size) {
        storedSize = size;
        stored = where;
    }

    void cameBack() {
        stored = null;
    }
}
