// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

/** A block that tasks of a domain share. Thread-safe. */
final class Shared {
    private final String id;
    private final BlockSource.Block block;
    private final long byteSize;

    /* Guarded by this; 0: freed. */
    private int holds = 1;

    /** With its first hold. */
    Shared(String id, BlockSource.Block block, long byteSize) {
        this.id = id;
        this.block = block;
        this.byteSize = byteSize;
    }

    String id() {
        return id;
    }

    BlockSource.Block block() {
        return block;
    }

    long byteSize() {
        return byteSize;
    }

    /** One more; false: it is freed. */
    synchronized boolean hold() {
        if (holds == 0) {
            return false;
        }
        holds++;
        return true;
    }

    /** One less; whether it was the last one. */
    synchronized boolean drop() {
        holds--;
        return holds == 0;
    }
}
