// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.dynamic;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.memory.blocks.BlockStrategy;
import org.spicetime.runtime.memory.blocks.FreeRanges;

/*
 * Quick fit: a small block that is released is kept by its size and serves the next request of that size
 * without being joined or split; what that costs in fragmentation is undone by emptying the lists when
 * nothing else fits. The rest is best fit over the zones in use. A zone comes into use when those in use
 * cannot serve a request, the lowest first, and goes out of use when it has no block and another one in
 * use has none either; so the memory in use follows the demand, and pages of the others can be given
 * back to the operating system.
 *
 * For a zone, Zones counts the blocks that touch it, kept ones included; OUT: it is not in use.
 *
 * C. B. Weinstock, W. A. Wulf: Quick Fit: An Efficient Algorithm for Heap Storage Allocation. ACM SIGPLAN
 * Notices 23(10), 1988.
 */
/** Allocates from lists of exact sizes, else the best fit in as few zones as the load needs. */
final class Dynamic extends BlockStrategy {
    private static final int OUT = -1;

    /** Zones in use without a block that are kept for the next request. */
    private static final int KEPT_EMPTY = 1;

    private static final int RELEASES_PER_PERIOD = 4096;

    private final FreeRanges free = new FreeRanges();
    private final QuickLists quick = new QuickLists();
    private int inUse;
    private int emptyInUse;
    private int releases;

    Dynamic(Geometry geometry) {
        super("DYNAMIC", geometry, UNIT_BYTES);
    }

    /** Zones in use. */
    int zonesInUse() {
        return inUse;
    }

    /** Small blocks kept for the next request of their size. */
    int kept() {
        return quick.count();
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long units = (size + UNIT_BYTES - 1) / UNIT_BYTES;
        if (units > freeUnits()) {
            return AllocationFailure.NO_SPACE.result();
        }
        long offset = QuickLists.NONE;
        if (units <= QuickLists.LARGEST && align <= UNIT_BYTES) {
            offset = quick.take(units);
        }
        if (offset == QuickLists.NONE) {
            offset = take(units, Math.max(align / UNIT_BYTES, 1));
            if (offset == FreeRanges.NONE) {
                spare();
                return AllocationFailure.FRAGMENTED.result();
            }
            count(offset, units, 1);
        }
        return blocks.add(offset, units, units * UNIT_BYTES - size, 0);
    }

    /** The best fit in the zones in use, or in as many more as it takes. */
    private long take(long units, long align) {
        long offset = free.take(units, align);
        if (offset == FreeRanges.NONE && quick.count() > 0) {
            empty();
            offset = free.take(units, align);
        }
        for (int zone = 0; offset == FreeRanges.NONE && zone < zones.count(); zone++) {
            if (zones.counted(zone) == OUT) {
                use(zone);
                offset = free.take(units, align);
            }
        }
        return offset;
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        long offset = blocks.offset(row);
        long units = blocks.size(row);
        blocks.remove(row);
        if (units > QuickLists.LARGEST || !quick.keep(offset, units)) {
            give(offset, units);
        }
        if (++releases == RELEASES_PER_PERIOD) {
            releases = 0;
            endPeriod();
        }
    }

    private void endPeriod() {
        for (int list = 1; list <= QuickLists.LARGEST; list++) {
            int idle = Math.min(quick.idle(list), quick.depth(list));
            for (int block = 0; block < idle; block++) {
                give(quick.take(list), list);
            }
            quick.renew(list);
        }
    }

    /** Empties the quick lists. */
    private void empty() {
        for (int list = 1; list <= QuickLists.LARGEST; list++) {
            while (quick.depth(list) > 0) {
                give(quick.take(list), list);
            }
        }
    }

    private void give(long offset, long units) {
        free.give(offset, offset + units);
        count(offset, units, -1);
    }

    /** Counts a block that comes or goes for each zone it touches. */
    private void count(long offset, long units, int change) {
        long end = (offset + units) * UNIT_BYTES;
        int first = zones.at(offset * UNIT_BYTES);
        for (int zone = first; zone < zones.count() && zones.begin(zone) < end; zone++) {
            zones.count(zone, change);
            if (change > 0 && zones.counted(zone) == 1) {
                emptyInUse--;
            } else if (change < 0 && zones.counted(zone) == 0) {
                emptyInUse++;
            }
        }
        spare();
    }

    /** Takes empty zones out of use, the highest first, until as many are left as are kept. */
    private void spare() {
        for (int zone = zones.count() - 1; emptyInUse > KEPT_EMPTY && zone >= 0; zone--) {
            if (zones.counted(zone) == 0) {
                takeOut(zone);
            }
        }
    }

    private void use(int zone) {
        long begin = zones.begin(zone) / UNIT_BYTES;
        free.give(begin, begin + zones.length(zone) / UNIT_BYTES);
        zones.count(zone, -OUT);
        inUse++;
        emptyInUse++;
    }

    private void takeOut(int zone) {
        long begin = zones.begin(zone) / UNIT_BYTES;
        if (!free.takeRange(begin, begin + zones.length(zone) / UNIT_BYTES)) {
            throw new IllegalStateException("zone at %d is not free".formatted(zones.begin(zone)));
        }
        zones.count(zone, OUT);
        inUse--;
        emptyInUse--;
    }

    @Override
    public void addZone(long offset, long length) {
        zones.add(offset, length);
        zones.count(zones.find(offset), OUT);
    }

    @Override
    protected boolean take(int zone) {
        if (zones.counted(zone) > 0) {
            empty();
        }
        if (zones.counted(zone) > 0) {
            return false;
        }
        if (zones.counted(zone) != OUT) {
            takeOut(zone);
        }
        return true;
    }

    @Override
    public FragmentationStats stats() {
        empty();
        return new FragmentationStats(
                freeUnits() * UNIT_BYTES,
                largest() * UNIT_BYTES,
                free.count() + zones.count() - inUse,
                blocks.wasteBytes());
    }

    /** Units of the largest block there could be if all zones came into use. */
    private long largest() {
        long largest = free.largest();
        long begin = 0;
        long end = -1;
        for (int zone = 0; zone < zones.count(); zone++) {
            if (zones.counted(zone) == OUT) {
                long from = zones.begin(zone) / UNIT_BYTES;
                long to = from + zones.length(zone) / UNIT_BYTES;
                if (from != end) {
                    begin = from - free.endingAt(from);
                }
                end = to + free.beginningAt(to);
                largest = Math.max(largest, end - begin);
            }
        }
        return largest;
    }
}
