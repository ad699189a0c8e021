// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * Whoever holds blocks of a pool, as a rule one attempt of a task, with the account of what it
 * holds. Guarded by the caller, under the same lock as the {@link PoolPlan} it belongs to.
 */
public final class BlockOwner {
    static final int NO_BLOCK = -1;

    long bytes;
    long peakBytes;
    long blocks;
    long swappedBytes;
    boolean quarantined;

    /** Most bytes it may hold, which are kept for it while {@link #reserved}. */
    long quotaBytes = Long.MAX_VALUE;

    boolean reserved;
    int firstBlock = NO_BLOCK;

    /** The owners with blocks are a list, see {@link BlockTable}. */
    @Nullable BlockOwner nextOwner;

    @Nullable BlockOwner previousOwner;

    private final int hint;
    private final @Nullable TaskId task;

    /**
     * Somebody who is not a task.
     *
     * @param hint blocks with the same hint will probably be released together; 0: nothing known
     */
    public BlockOwner(int hint) {
        this.hint = hint;
        this.task = null;
    }

    /**
     * A task.
     *
     * @param task which; its blocks will probably be released together
     */
    public BlockOwner(TaskId task) {
        this.hint = task.hashCode() & Integer.MAX_VALUE;
        this.task = task;
    }

    /** The task; null: it is none. */
    public @Nullable TaskId task() {
        return task;
    }

    /** Bytes of its live blocks, rounding included. */
    public long bytes() {
        return bytes;
    }

    /** The most bytes it ever held at once. */
    public long peakBytes() {
        return peakBytes;
    }

    /** Bytes of its blocks that are swapped out, which are not among {@link #bytes}. */
    public long swappedBytes() {
        return swappedBytes;
    }

    /** Number of its live blocks. */
    public long blocks() {
        return blocks;
    }

    /** Whether its blocks are kept back because its thread could not be stopped. */
    public boolean quarantined() {
        return quarantined;
    }

    /** Whether it has a quota of its own. */
    public boolean limited() {
        return quotaBytes != Long.MAX_VALUE;
    }

    /** The most bytes it may hold; {@link Long#MAX_VALUE}: what the pool has. */
    public long quotaBytes() {
        return quotaBytes;
    }

    /** Bytes kept for it that it does not hold yet. */
    long unfilledBytes() {
        return reserved ? Math.max(0, quotaBytes - bytes) : 0;
    }

    int hint() {
        return hint;
    }
}
