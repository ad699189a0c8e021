// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.bestfit;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.memory.blocks.BlockStrategy;
import org.spicetime.runtime.memory.blocks.FreeRanges;

/** Allocates the smallest free range that is large enough, and joins what is released at once. */
final class BestFit extends BlockStrategy {
    private final FreeRanges free = new FreeRanges();

    BestFit(Geometry geometry) {
        super("BEST_FIT", geometry, UNIT_BYTES);
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long units = units(size);
        if (units > free.units()) {
            return AllocationFailure.NO_SPACE.result();
        }
        long offset = free.take(units, Math.max(align / UNIT_BYTES, 1));
        return offset == FreeRanges.NONE
                ? AllocationFailure.FRAGMENTED.result()
                : blocks.add(offset, units, units * UNIT_BYTES - size, 0);
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        long offset = blocks.offset(row);
        free.give(offset, offset + blocks.size(row));
        blocks.remove(row);
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int row = blocks.row(id);
        if (newSize > geometry.poolBytes()) {
            return false;
        }
        long end = blocks.offset(row) + blocks.size(row);
        long after = units(newSize);
        long newEnd = blocks.offset(row) + after;
        if (newEnd > end && !free.takeAt(end, newEnd)) {
            return false;
        }
        if (newEnd < end) {
            free.give(newEnd, end);
        }
        blocks.resize(row, after, after * UNIT_BYTES - newSize);
        return true;
    }

    @Override
    public void addZone(long offset, long length) {
        zones.add(offset, length);
        free.give(offset / UNIT_BYTES, (offset + length) / UNIT_BYTES);
    }

    @Override
    protected boolean take(int zone) {
        long offset = zones.begin(zone);
        long end = offset + zones.length(zone);
        return free.takeRange(offset / UNIT_BYTES, end / UNIT_BYTES);
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(
                free.units() * UNIT_BYTES,
                free.largest() * UNIT_BYTES,
                free.count(),
                blocks.wasteBytes());
    }

    private static long units(long bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
    }
}
