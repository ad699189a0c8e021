// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

/**
 * What the owners of a pool hold outside of it: the bytes of blocks that are in the swap file only.
 * Guarded by the caller, under the same lock as the {@link PoolPlan} it belongs to.
 */
public final class SwapLedger {
    private long bytes;

    /** Nothing is swapped out. */
    public SwapLedger() {}

    /** Bytes of live blocks that are swapped out, rounding included. */
    public long bytes() {
        return bytes;
    }

    /** A block of the owner was swapped out. */
    public void left(BlockOwner owner, long size) {
        bytes += size;
        owner.swappedBytes += size;
    }

    /** A swapped block of the owner is back, or nobody's any more. */
    public void settled(BlockOwner owner, long size) {
        if (size > owner.swappedBytes) {
            throw new IllegalArgumentException(
                    "%d swapped bytes cannot end, the owner has %d"
                            .formatted(size, owner.swappedBytes));
        }
        bytes -= size;
        owner.swappedBytes -= size;
    }
}
