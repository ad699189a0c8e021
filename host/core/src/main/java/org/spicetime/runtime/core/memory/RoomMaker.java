// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.util.function.Supplier;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.memory.collect.PoolCollector;
import org.spicetime.runtime.core.memory.swap.PoolSwap;
import org.spicetime.runtime.core.waiting.OffSlot;

/**
 * What is tried before an allocation is refused: live blocks are moved together, then swapped out.
 * Thread-safe; no lock may be held.
 */
final class RoomMaker {
    private final PoolCollector collector;
    private final PoolSwap swap;
    private final PoolListener listener;

    RoomMaker(PoolCollector collector, PoolSwap swap, PoolListener listener) {
        this.collector = collector;
        this.swap = swap;
        this.listener = listener;
    }

    /**
     * Takes something of the pool.
     *
     * @param size of the block, bytes
     * @param align its alignment
     * @param take takes it or throws
     * @return what it took
     * @throws RefusedException the last one, when no room can be made
     */
    <T> T make(long size, long align, Supplier<T> take) {
        boolean compacted = false;
        while (true) {
            try {
                return take.get();
            } catch (RefusedException refused) {
                boolean compacts =
                        !compacted
                                && PoolChecks.fragmented(refused)
                                && collector.compactsOnDemand();
                compacted |= compacts;
                if (!(compacts && compacted(size + align)) && !swapped(size, refused)) {
                    if (refused.code() == RuntimeErrorCode.MEMORY_PRESSURE) {
                        listener.scarce();
                    }
                    throw refused;
                }
            }
        }
    }

    private boolean compacted(long bytes) {
        try (OffSlot _ = OffSlot.leave(WaitReason.MEMORY, null)) {
            return collector.compactFor(bytes);
        }
    }

    private boolean swapped(long size, RefusedException refused) {
        if (PoolChecks.fragmented(refused)) {
            return swap.makeRoom(size) > 0;
        }
        if (refused.code() != RuntimeErrorCode.MEMORY_PRESSURE) {
            return false;
        }
        long free = refused.details().get("available") instanceof Long available ? available : 0;
        return swap.makeRoom(Math.max(1, size - free)) > 0;
    }
}
