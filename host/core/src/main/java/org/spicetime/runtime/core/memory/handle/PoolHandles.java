// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

/** The handles of one pool. Thread-safe. */
public final class PoolHandles {
    private final Movables movables = new Movables();

    /** A pool without handles. */
    public PoolHandles() {}

    /** The blocks that may be moved and swapped out. */
    public Movables movables() {
        return movables;
    }
}
