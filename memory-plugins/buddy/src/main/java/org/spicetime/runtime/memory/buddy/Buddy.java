// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.buddy;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.memory.blocks.BlockStrategy;
import org.spicetime.runtime.memory.blocks.PowerBlocks;

/*
 * Binary buddies over the offsets of the whole pool, whatever zones they came in: a block of 2^k
 * units begins at a multiple of 2^k, and its buddy is the one whose offset differs in bit k. A block
 * is cut out of the lowest, smallest free block that is large enough, halves given back on the way; a
 * released one merges with its buddy as long as that is free.
 *
 * K. C. Knowlton: A Fast Storage Allocator. Communications of the ACM 8(10), 1965.
 */
/** Allocates and releases in a number of steps logarithmic in the size of the pool. */
final class Buddy extends BlockStrategy {
    private final PowerBlocks free;

    Buddy(Geometry geometry) {
        super("BUDDY", geometry, UNIT_BYTES);
        free = new PowerBlocks(geometry.poolBytes() / UNIT_BYTES);
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
        int order = PowerBlocks.ceilLog(units);
        // The lower half of a block is aligned as the block is, so it is enough that one fits.
        int enough = Math.max(order, PowerBlocks.ceilLog(align / UNIT_BYTES));
        int found = free.findOrder(enough);
        if (found == PowerBlocks.NONE) {
            return AllocationFailure.FRAGMENTED.result();
        }
        long offset = free.takeFirst(found);
        giveUpperHalves(offset, found, order);
        long waste = (UNIT_BYTES << order) - size;
        return blocks.add(offset, 1L << order, waste, order);
    }

    private void giveUpperHalves(long offset, int from, int to) {
        for (int order = from - 1; order >= to; order--) {
            free.give(offset + (1L << order), order);
        }
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        free.give(blocks.offset(row), blocks.tag(row));
        blocks.remove(row);
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int row = blocks.row(id);
        if (newSize > geometry.poolBytes()) {
            return false;
        }
        long offset = blocks.offset(row);
        int order = blocks.tag(row);
        int wanted = PowerBlocks.ceilLog((newSize + UNIT_BYTES - 1) / UNIT_BYTES);
        for (int at = order; at < wanted; at++) {
            // To grow, the block has to be the lower buddy of a free one, step by step.
            if ((offset & 1L << at) != 0 || !free.contains(offset + (1L << at), at)) {
                return false;
            }
        }
        for (int at = order; at < wanted; at++) {
            free.remove(offset + (1L << at), at);
        }
        giveUpperHalves(offset, order, wanted);
        long waste = (UNIT_BYTES << wanted) - newSize;
        blocks.resize(row, 1L << wanted, waste);
        blocks.tag(row, wanted);
        return true;
    }

    @Override
    public void addZone(long offset, long length) {
        zones.add(offset, length);
        free.giveRange(offset / UNIT_BYTES, (offset + length) / UNIT_BYTES);
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
                free.largestUnits() * UNIT_BYTES,
                free.count(),
                blocks.wasteBytes());
    }
}
