// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.buddy;

import java.util.Map;
import java.util.TreeMap;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/*
 * Binary buddies over the offsets of the whole pool, whatever zones they came in: a block of 2^k
 * units begins at a multiple of 2^k, and its buddy is the one whose offset differs in bit k. A block
 * is cut out of the lowest, smallest free block that is large enough, halves given back on the way; a
 * released one merges with its buddy as long as that is free.
 *
 * K. C. Knowlton: A Fast Storage Allocator. Communications of the ACM 8(10), 1965.
 */
/** Allocates and releases in a number of steps logarithmic in the size of the pool. */
final class Buddy implements AllocationStrategy {
    static final long UNIT_BYTES = 16;
    static final long MAX_POOL_BYTES = 1L << 36;

    private final Geometry geometry;
    private final FreeBlocks free;
    private final LiveBlocks blocks = new LiveBlocks();

    /** Length of each zone by its offset, in units. */
    private final TreeMap<Long, Long> zones = new TreeMap<>();

    private long wasteBytes;

    Buddy(Geometry geometry) {
        if (geometry.poolBytes() > MAX_POOL_BYTES || geometry.granuleBytes() != UNIT_BYTES) {
            throw new IllegalArgumentException(
                    "BUDDY divides pools up to %d bytes with a granule of %d bytes, was %s"
                            .formatted(MAX_POOL_BYTES, UNIT_BYTES, geometry));
        }
        this.geometry = geometry;
        free = new FreeBlocks(geometry.poolBytes() / UNIT_BYTES);
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long units = (size + UNIT_BYTES - 1) / UNIT_BYTES;
        if (units > free.units()) {
            return AllocationFailure.NO_SPACE.result();
        }
        int order = FreeBlocks.ceilLog(units);
        // The lower half of a block is aligned as the block is, so it is enough that one fits.
        int enough = Math.max(order, FreeBlocks.ceilLog(align / UNIT_BYTES));
        int found = free.findOrder(enough);
        if (found == FreeBlocks.NONE) {
            return AllocationFailure.FRAGMENTED.result();
        }
        long offset = free.takeFirst(found);
        giveUpperHalves(offset, found, order);
        long waste = (UNIT_BYTES << order) - size;
        wasteBytes += waste;
        return blocks.add(offset, order, waste);
    }

    private void giveUpperHalves(long offset, int from, int to) {
        for (int order = from - 1; order >= to; order--) {
            free.give(offset + (1L << order), order);
        }
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        wasteBytes -= blocks.waste(row);
        free.give(blocks.offset(row), blocks.order(row));
        blocks.remove(row);
    }

    @Override
    public long offset(long id) {
        return blocks.offset(blocks.row(id)) * UNIT_BYTES;
    }

    @Override
    public long size(long id) {
        return UNIT_BYTES << blocks.order(blocks.row(id));
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int row = blocks.row(id);
        if (newSize > geometry.poolBytes()) {
            return false;
        }
        long offset = blocks.offset(row);
        int order = blocks.order(row);
        int wanted = FreeBlocks.ceilLog((newSize + UNIT_BYTES - 1) / UNIT_BYTES);
        for (int at = order; at < wanted; at++) {
            // To grow, the block has to be the lower buddy of a free one, step by step.
            if ((offset & 1L << at) != 0 || !free.contains(offset + (1L << at), at)) {
                return false;
            }
        }
        for (int at = order; at < wanted; at++) {
            free.remove(offset + (1L << at), at);
        }
        blocks.order(row, wanted);
        giveUpperHalves(offset, order, wanted);
        long waste = (UNIT_BYTES << wanted) - newSize;
        wasteBytes += waste - blocks.waste(row);
        blocks.waste(row, waste);
        return true;
    }

    @Override
    public void addZone(long offset, long length) {
        if (offset < 0
                || length <= 0
                || offset % UNIT_BYTES != 0
                || length % UNIT_BYTES != 0
                || offset > geometry.poolBytes() - length) {
            throw new IllegalArgumentException(
                    "zone at %d of %d bytes is empty, off the granule of %d or beyond the pool of %d"
                            .formatted(offset, length, UNIT_BYTES, geometry.poolBytes()));
        }
        long begin = offset / UNIT_BYTES;
        long end = begin + length / UNIT_BYTES;
        Map.Entry<Long, Long> below = zones.lowerEntry(end);
        if (below != null && below.getKey() + below.getValue() > begin) {
            throw new IllegalArgumentException(
                    "zone at %d overlaps the zone at %d"
                            .formatted(offset, below.getKey() * UNIT_BYTES));
        }
        zones.put(begin, end - begin);
        free.giveRange(begin, end);
    }

    @Override
    public boolean dropZone(long offset) {
        Long length = zones.get(offset / UNIT_BYTES);
        if (length == null || offset % UNIT_BYTES != 0) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        long begin = offset / UNIT_BYTES;
        long end = begin + length;
        for (long unit = begin; unit < end; unit = endOf(unit)) {
            if (free.covering(unit) == FreeBlocks.NONE) {
                return false;
            }
        }
        zones.remove(begin);
        for (long unit = begin; unit < end; ) {
            int order = free.covering(unit);
            long from = unit >>> order << order;
            long to = from + (1L << order);
            free.remove(from, order);
            free.giveRange(from, Math.min(begin, to));
            free.giveRange(Math.max(end, from), to);
            unit = to;
        }
        return true;
    }

    private long endOf(long unit) {
        int order = free.covering(unit);
        return (unit >>> order << order) + (1L << order);
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(
                free.units() * UNIT_BYTES,
                free.largestUnits() * UNIT_BYTES,
                free.count(),
                wasteBytes);
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        for (int row = 0; row < blocks.rows(); row++) {
            if (blocks.live(row)) {
                visitor.visit(
                        blocks.id(row),
                        blocks.offset(row) * UNIT_BYTES,
                        UNIT_BYTES << blocks.order(row));
            }
        }
    }
}
