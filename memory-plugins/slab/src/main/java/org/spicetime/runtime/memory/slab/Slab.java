// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.memory.blocks.BlockStrategy;
import org.spicetime.runtime.memory.blocks.PowerBlocks;

/*
 * Free memory is kept in pages of 4 KiB, as powers of two that merge with their buddies. Up to 16 KiB a
 * request takes a block of a slab of its size class; a new slab is 16 pages. Beyond, it takes as many
 * pages as it needs from the beginning of a power of two, and the rest goes back. A slab that has no
 * live block goes back to the pages at once.
 *
 * J. Bonwick: The Slab Allocator: An Object-Caching Kernel Memory Allocator. USENIX Summer, 1994.
 * J. Evans: A Scalable Concurrent malloc(3) Implementation for FreeBSD. BSDCan, 2006 (size classes).
 */
/** Allocates and releases in a few steps, and keeps blocks of one size together. */
final class Slab extends BlockStrategy {
    private static final long PAGE_UNITS = 256;
    private static final long PAGE_BYTES = PAGE_UNITS * UNIT_BYTES;
    private static final int SLAB_ORDER = Long.numberOfTrailingZeros(Slabs.UNITS / PAGE_UNITS);

    /** What a block of pages has where others have the row of their slab. */
    private static final int PAGES = -1;

    private final PowerBlocks pages;
    private final Slabs slabs = new Slabs();

    Slab(Geometry geometry) {
        super("SLAB", geometry, PAGE_BYTES);
        pages = new PowerBlocks(geometry.poolBytes() / PAGE_BYTES);
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
        long alignUnits = Math.max(align / UNIT_BYTES, 1);
        int sizeClass = classFor(units, alignUnits);
        int slab = sizeClass == SizeClasses.COUNT ? Slabs.NONE : slabFor(sizeClass, alignUnits);
        return slab == Slabs.NONE ? allocatePages(size, align) : allocateIn(slab, size);
    }

    /** The smallest class with that size and alignment; COUNT: it has to be pages. */
    private static int classFor(long units, long align) {
        if (units > SizeClasses.LARGEST || align > SizeClasses.LARGEST) {
            return SizeClasses.COUNT;
        }
        int sizeClass = SizeClasses.of(Math.max(units, align));
        while (sizeClass < SizeClasses.COUNT && SizeClasses.units(sizeClass) % align != 0) {
            sizeClass++;
        }
        return sizeClass;
    }

    /** A slab of the class with a free block, else a new one, else one of a larger class. */
    private int slabFor(int sizeClass, long align) {
        long larger = slabs.partial() >>> sizeClass << sizeClass;
        if ((larger & 1L << sizeClass) != 0) {
            return slabs.first(sizeClass);
        }
        int order = pages.findOrder(SLAB_ORDER);
        if (order != PowerBlocks.NONE) {
            long page = pages.takeFirst(order);
            pages.giveRange(page + (1L << SLAB_ORDER), page + (1L << order));
            return slabs.add(page * PAGE_UNITS, sizeClass);
        }
        for (; larger != 0; larger &= larger - 1) {
            int other = Long.numberOfTrailingZeros(larger);
            if (SizeClasses.units(other) % align == 0) {
                return slabs.first(other);
            }
        }
        return Slabs.NONE;
    }

    private long allocateIn(int slab, long size) {
        long units = slabs.blockUnits(slab);
        return blocks.add(slabs.take(slab), units, units * UNIT_BYTES - size, slab);
    }

    private long allocatePages(long size, long align) {
        long count = (size + PAGE_BYTES - 1) / PAGE_BYTES;
        int enough = Math.max(PowerBlocks.ceilLog(count), PowerBlocks.ceilLog(align / PAGE_BYTES));
        int order = pages.findOrder(enough);
        if (order == PowerBlocks.NONE) {
            return AllocationFailure.FRAGMENTED.result();
        }
        long page = pages.takeFirst(order);
        pages.giveRange(page + count, page + (1L << order));
        return blocks.add(page * PAGE_UNITS, count * PAGE_UNITS, count * PAGE_BYTES - size, PAGES);
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        int slab = blocks.tag(row);
        long offset = blocks.offset(row);
        if (slab == PAGES) {
            pages.giveRange(offset / PAGE_UNITS, (offset + blocks.size(row)) / PAGE_UNITS);
        } else {
            long base = slabs.base(slab);
            if (slabs.give(slab, offset)) {
                pages.give(base / PAGE_UNITS, SLAB_ORDER);
            }
        }
        blocks.remove(row);
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int row = blocks.row(id);
        long size = blocks.size(row);
        if (newSize > size * UNIT_BYTES) {
            return false;
        }
        if (blocks.tag(row) == PAGES) {
            long first = blocks.offset(row) / PAGE_UNITS;
            long before = size / PAGE_UNITS;
            long after = (newSize + PAGE_BYTES - 1) / PAGE_BYTES;
            pages.giveRange(first + after, first + before);
            size = after * PAGE_UNITS;
        }
        blocks.resize(row, size, size * UNIT_BYTES - newSize);
        return true;
    }

    @Override
    public void addZone(long offset, long length) {
        zones.add(offset, length);
        pages.giveRange(offset / PAGE_BYTES, (offset + length) / PAGE_BYTES);
    }

    @Override
    protected boolean take(int zone) {
        long offset = zones.begin(zone);
        long end = offset + zones.length(zone);
        return pages.takeRange(offset / PAGE_BYTES, end / PAGE_BYTES);
    }

    @Override
    public FragmentationStats stats() {
        long block =
                slabs.partial() == 0
                        ? 0
                        : SizeClasses.units(PowerBlocks.floorLog(slabs.partial())) * UNIT_BYTES;
        return new FragmentationStats(
                freeUnits() * UNIT_BYTES,
                Math.max(block, pages.largestUnits() * PAGE_BYTES),
                pages.count() + slabs.freeBlocks() + slabs.withRest(),
                blocks.wasteBytes());
    }
}
