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
    long zoneBytes;
    long usedBytes;

    Generation(String name, AllocationStrategy strategy) {
        this.name = name;
        this.strategy = strategy;
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
    }

    AllocationStrategy strategy() {
        if (strategy == null) {
            throw new IllegalStateException("a retired strategy must not be called");
        }
        return strategy;
    }
}
