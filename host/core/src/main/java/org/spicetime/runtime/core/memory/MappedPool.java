// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.kernel.memory.PoolPlan;
import org.spicetime.runtime.kernel.memory.ZoneTable;

/**
 * The plan of a pool together with the memory it is about. Guarded by the caller, except for {@link
 * #hand} and {@link #zero}, which touch only a block the caller holds.
 */
final class MappedPool {
    /** Takes the machine about a millisecond when all of it is resident. */
    private static final long TRIMMED_AT_ONCE = 16L << 20;

    private final PoolPlan plan;
    private final PoolMemory memory;
    private final PageLedger pages = new PageLedger();

    MappedPool(PoolPlan plan, PoolMemory memory) {
        this.plan = plan;
        this.memory = memory;
    }

    static MappedPool map(PoolPlan plan) {
        return new MappedPool(plan, PoolMemory.obtain(plan.mappedBytes(), plan.zoneBytes()));
    }

    PoolPlan plan() {
        return plan;
    }

    /** Notes that a block is about to be used; whether its inner pages are zero already. */
    boolean use(long block, long size) {
        long offset = plan.offset(block);
        boolean clean = pages.innerPagesClean(offset, size);
        pages.used(offset, plan.size(block));
        return clean;
    }

    /** Zeroes a block, as far as it is not zero already, and confines it to its owner. */
    @SuppressWarnings("restricted")
    MemorySegment hand(long offset, long size, boolean innerPagesClean, Arena owner) {
        return zero(offset, size, innerPagesClean).reinterpret(owner, null);
    }

    /** Where it lies. */
    long base() {
        return memory.segment().address();
    }

    /** Zeroes a block, as far as it is not zero already. */
    MemorySegment zero(long offset, long size, boolean innerPagesClean) {
        MemorySegment block = memory.segment().asSlice(offset, size);
        long head = PageLedger.ceil(offset) - offset;
        long tail = PageLedger.floor(offset + size) - offset;
        if (innerPagesClean && head < tail) {
            block.asSlice(0, head).fill((byte) 0);
            block.asSlice(tail).fill((byte) 0);
        } else {
            block.fill((byte) 0);
        }
        return block;
    }

    /** All of the memory; under the lock. */
    MemorySegment segment() {
        return memory.segment();
    }

    /** A range is about to be written by whoever moves blocks. */
    void written(long offset, long size) {
        pages.used(offset, size);
    }

    /**
     * Returns a part of a zone to the machine, if the zone is free and was in use; where to go on,
     * bytes from the beginning of the zone; 0: done.
     */
    long discard(int zone, long from, long most) {
        if (zone >= plan.zones().count() || !returnable(zone)) {
            return 0;
        }
        long offset = plan.zones().offset(zone) + from;
        long length = Math.min(most, plan.zones().length(zone) - from);
        if (length <= 0 || !memory.discard(offset, length)) {
            return 0;
        }
        pages.cleaned(offset, length);
        return from + length < plan.zones().length(zone) ? from + length : 0;
    }

    /**
     * @param parked bytes that are claimed in the plan and kept ready in magazines
     */
    MemoryMetrics metrics(long swapped, long parked, long collections) {
        long largest = plan.largestFreeBytes();
        long total = plan.totalBytes();
        long claimed = plan.usedBytes();
        long used = claimed - parked;
        long returnable = Math.min(returnableBytes(), total - claimed);
        OptionalDouble fragmentation =
                total == claimed
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(1.0 - (double) largest / (total - claimed));
        return new MemoryMetrics(
                total,
                used,
                total - claimed - returnable,
                parked + returnable,
                swapped,
                plan.leakedBytes(),
                largest,
                fragmentation,
                collections);
    }

    /** Makes so many bytes usable; false: this memory cannot, and nothing changed. */
    boolean reach(long bytes) {
        return memory.resize(bytes);
    }

    /** Gives back some of what lies beyond the plan; whether there is more. */
    boolean trimSome() {
        long needed = plan.mappedBytes();
        long usable = memory.segment().byteSize();
        if (usable <= needed) {
            return false;
        }
        pages.cut(needed);
        long next = Math.max(needed, usable - TRIMMED_AT_ONCE);
        return memory.resize(next) && next > needed;
    }

    /** Bytes that were used and have not gone back to the machine. */
    long residentBytes() {
        return pages.dirtyBytes();
    }

    void release() {
        memory.release();
    }

    /** Free zones of the pool proper that were in use and have not gone back to the machine. */
    private long returnableBytes() {
        ZoneTable zones = plan.zones();
        long bytes = 0;
        for (int zone = 0; zone < zones.reserve(); zone++) {
            if (returnable(zone)) {
                bytes += zones.length(zone);
            }
        }
        return bytes;
    }

    /** Whether a zone is free, was in use, and has not gone back to the machine. */
    boolean returnable(int zone) {
        ZoneTable zones = plan.zones();
        return zone < zones.count()
                && zones.liveBlocks(zone) == 0
                && pages.dirty(zones.offset(zone), zones.length(zone));
    }
}
