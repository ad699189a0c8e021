// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationStrategy;

/**
 * One period in which one strategy is in charge. Blocks and zones remember theirs. Once retired it
 * no longer knows the strategy, so its classes can be unloaded while its blocks live on. Guarded by
 * the caller.
 */
final class Generation {
    private final String name;
    private @Nullable AllocationStrategy strategy;
    private @Nullable LiveIds ids;
    long zoneBytes;
    long usedBytes;

    /**
     * @param name of the strategy
     * @param strategy in charge
     * @param idsWatched whether to find out when it gives an id away again while the block lives
     */
    Generation(String name, AllocationStrategy strategy, boolean idsWatched) {
        this.name = name;
        this.strategy = strategy;
        ids = idsWatched ? new LiveIds() : null;
    }

    /** A block was placed under an id; false: another one lives under it. */
    boolean placed(long id) {
        return ids == null || ids.add(id);
    }

    /** The block of an id is given back. */
    void released(long id) {
        if (ids != null) {
            ids.remove(id);
        }
    }

    /** Of its strategy. */
    String name() {
        return name;
    }

    boolean retired() {
        return strategy == null;
    }

    void retire() {
        strategy = null;
        ids = null;
    }

    AllocationStrategy strategy() {
        if (strategy == null) {
            throw new IllegalStateException("a retired strategy must not be called");
        }
        return strategy;
    }
}
