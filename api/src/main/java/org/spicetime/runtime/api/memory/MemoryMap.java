// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * Layout of a domain's pool at one instant. Immutable.
 *
 * @param timestamp when it was taken
 * @param zones in order of address, the reserve zone last, which is beyond the size of the pool;
 *     empty while the domain has no pool
 * @param owners the tasks that hold most, largest first
 * @param overduePins pins older than their deadline, oldest first; they hold up compaction and
 *     swapping
 */
public record MemoryMap(
        Instant timestamp, List<Zone> zones, List<Owner> owners, List<OverduePin> overduePins) {
    /** Most owners of one map. */
    public static final int MOST_OWNERS = 500;

    public MemoryMap {
        Objects.requireNonNull(timestamp, "timestamp");
        zones = List.copyOf(zones);
        owners = List.copyOf(owners);
        overduePins = List.copyOf(overduePins);
    }

    /**
     * A zone of a pool; each is laid out by one strategy. Immutable.
     *
     * @param index position, from 0
     * @param sizeBytes its size
     * @param usedBytes bytes of live blocks in it, rounding included
     * @param blocks live blocks that touch it
     * @param largestFreeBytes longest range in it that no live block touches
     * @param allocator name of the strategy that laid it out
     * @param draining whether it takes no new blocks because its strategy was replaced
     */
    public record Zone(
            int index,
            long sizeBytes,
            long usedBytes,
            int blocks,
            long largestFreeBytes,
            String allocator,
            boolean draining) {}

    /**
     * What one task holds. Immutable.
     *
     * @param task the task; null: the domain itself, as shared blocks are
     * @param bytes of its live blocks, rounding included
     * @param blocks live blocks
     */
    public record Owner(@Nullable TaskId task, long bytes, long blocks) {}

    /**
     * A block held in place for longer than allowed. Immutable.
     *
     * @param task that holds it
     * @param sizeBytes size of the block
     * @param since when it was pinned
     */
    public record OverduePin(TaskId task, long sizeBytes, Instant since) {}
}
