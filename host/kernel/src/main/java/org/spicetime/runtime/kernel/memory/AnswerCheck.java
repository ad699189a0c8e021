// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.FragmentationStats;

/** Checks what a strategy answers against what the host knows itself. Guarded by the caller. */
final class AnswerCheck {
    private final ZoneTable zones;
    private final OverlapGuard guard;

    AnswerCheck(ZoneTable zones, OverlapGuard guard) {
        this.zones = zones;
        this.guard = guard;
    }

    /** What is wrong with a block; null: nothing. */
    @Nullable String fault(
            Generation active, long id, long offset, long length, long size, long align) {
        if (length < size) {
            return "a block of %d bytes was returned for a request of %d".formatted(length, size);
        }
        if (length % OverlapGuard.GRANULE_BYTES != 0) {
            return "size %d of a block is not a multiple of the granule".formatted(length);
        }
        if (offset < 0 || offset > zones.end() - length) {
            return "a block at %d of %d bytes leaves the pool".formatted(offset, length);
        }
        if (offset % align != 0) {
            return "a block at %d is not aligned to %d bytes".formatted(offset, align);
        }
        if (!zones.within(offset, length, active)) {
            return "a block at %d of %d bytes leaves the zones of the strategy"
                    .formatted(offset, length);
        }
        if (!guard.isFree(offset, length)) {
            return "a block at %d of %d bytes overlaps a live block".formatted(offset, length);
        }
        if (!active.placed(id)) {
            return "allocate returned id %d, under which another block lives".formatted(id);
        }
        return null;
    }

    /** What cannot be true of free memory; null: nothing. */
    static @Nullable String fault(Generation active, FragmentationStats stats) {
        long free = active.zoneBytes - active.usedBytes;
        if (stats.freeBytes() > free) {
            return "stats tell %d free bytes where %d are".formatted(stats.freeBytes(), free);
        }
        if (stats.freeBlocks() > free / OverlapGuard.GRANULE_BYTES) {
            return "stats tell %d free blocks in %d bytes".formatted(stats.freeBlocks(), free);
        }
        if (stats.internalWasteBytes() > active.usedBytes) {
            return "stats tell %d bytes of waste in %d used"
                    .formatted(stats.internalWasteBytes(), active.usedBytes);
        }
        return null;
    }
}
