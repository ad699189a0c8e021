// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/*
 * A zone is cut when it comes, the blocks of the largest size first. What a size has left of its share
 * goes to the next smaller one. The blocks of one size are numbered over the whole pool: block i of a
 * zone has the number (begin of the zone / size) + i, which is unique because zones do not overlap, and
 * the last unit of block number n, were it cut from the beginning of the pool, lies in the zone that n
 * belongs to. So free blocks are a set of numbers, and no block is ever split or joined.
 */
/**
 * Memory that is cut into blocks of a few sizes once and for all. A request takes the lowest free
 * block of the smallest size that is large enough, or else of the next larger one.
 *
 * <p>Called by one thread at a time.
 */
public final class FixedBlocks extends BlockStrategy {
    /** Free blocks looked at for an alignment that their size does not give by itself. */
    private static final int LOOKED_AT = 64;

    private static final int ALL = 100;

    /**
     * How a zone of some length is cut: where the blocks of each size begin, and how many there
     * are.
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, never compared
    private record Cut(long[] begins, long[] counts, boolean rest) {}

    private final long[] units;
    private final int[] percents;
    private final IndexSet[] free;
    private final @Nullable Cut[] cuts = new @Nullable Cut[Long.SIZE];
    private long rests;

    /**
     * A pool that is cut into blocks of these sizes.
     *
     * @param strategy name for messages
     * @param geometry sizes of the pool
     * @param sizes bytes, ascending; multiples of 16
     * @param percents share of each size in each zone; together at most 100
     */
    public FixedBlocks(String strategy, Geometry geometry, long[] sizes, int[] percents) {
        super(strategy, geometry, UNIT_BYTES);
        this.percents = percents.clone();
        units = Arrays.stream(sizes).map(bytes -> bytes / UNIT_BYTES).toArray();
        free = new IndexSet[sizes.length];
        for (int size = 0; size < units.length; size++) {
            free[size] = new IndexSet(geometry.poolBytes() / sizes[size] + 1);
        }
    }

    /** How many blocks of each size a zone of that length has. */
    public long[] counts(long zoneBytes) {
        return cut(zoneBytes).counts.clone();
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > units[units.length - 1] * UNIT_BYTES) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long wanted = (size + UNIT_BYTES - 1) / UNIT_BYTES;
        if (wanted > freeUnits()) {
            return AllocationFailure.NO_SPACE.result();
        }
        for (int at = 0; at < units.length; at++) {
            if (units[at] >= wanted) {
                long number = find(at, Math.max(align / UNIT_BYTES, 1));
                if (number != IndexSet.NONE) {
                    free[at].remove(number);
                    zones.count(zone(at, number), 1);
                    long waste = units[at] * UNIT_BYTES - size;
                    return blocks.add(offset(at, number), units[at], waste, at);
                }
            }
        }
        return AllocationFailure.FRAGMENTED.result();
    }

    /** Number of a free block of a size that is aligned. */
    private long find(int size, long align) {
        long number = free[size].next(0);
        for (int looked = 0; looked < LOOKED_AT && number != IndexSet.NONE; looked++) {
            long offset = offset(size, number);
            long aligned = (offset + align - 1) & -align;
            if (aligned == offset) {
                return number;
            }
            long from = numberFrom(size, aligned);
            number = from == IndexSet.NONE ? from : free[size].next(from);
        }
        return IndexSet.NONE;
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        int size = blocks.tag(row);
        int zone = zones.at(blocks.offset(row) * UNIT_BYTES);
        zones.count(zone, -1);
        free[size].add(first(size, zone) + (blocks.offset(row) - begin(size, zone)) / units[size]);
        blocks.remove(row);
    }

    @Override
    public boolean resizeInPlace(long id, long newSize) {
        int row = blocks.row(id);
        long size = blocks.size(row);
        if (newSize > size * UNIT_BYTES) {
            return false;
        }
        blocks.resize(row, size, size * UNIT_BYTES - newSize);
        return true;
    }

    @Override
    public void addZone(long offset, long length) {
        Cut cut = cut(length);
        zones.add(offset, length);
        int zone = zones.find(offset);
        for (int size = 0; size < units.length; size++) {
            if (cut.counts[size] > 0) {
                long first = first(size, zone);
                free[size].addRange(first, first + cut.counts[size]);
            }
        }
        rests += cut.rest ? 1 : 0;
    }

    @Override
    protected boolean take(int zone) {
        if (zones.counted(zone) > 0) {
            return false;
        }
        Cut cut = cut(zones.length(zone));
        for (int size = 0; size < units.length; size++) {
            if (cut.counts[size] > 0) {
                long first = first(size, zone);
                free[size].removeRange(first, first + cut.counts[size]);
            }
        }
        rests -= cut.rest ? 1 : 0;
        return true;
    }

    @Override
    public FragmentationStats stats() {
        long largest = 0;
        long pieces = rests;
        for (int size = 0; size < units.length; size++) {
            if (!free[size].isEmpty()) {
                largest = units[size] * UNIT_BYTES;
                pieces += free[size].count();
            }
        }
        return new FragmentationStats(
                freeUnits() * UNIT_BYTES, largest, pieces, blocks.wasteBytes());
    }

    /** Number of the first block of a size in a zone. */
    private long first(int size, int zone) {
        return zones.begin(zone) / UNIT_BYTES / units[size];
    }

    /** Where the blocks of a size begin in a zone, in units from the beginning of the pool. */
    private long begin(int size, int zone) {
        return zones.begin(zone) / UNIT_BYTES + cut(zones.length(zone)).begins[size];
    }

    private int zone(int size, long number) {
        return zones.at((number * units[size] + units[size] - 1) * UNIT_BYTES);
    }

    private long offset(int size, long number) {
        int zone = zone(size, number);
        return begin(size, zone) + (number - first(size, zone)) * units[size];
    }

    /** The smallest number of a block of a size that begins at or after an offset. */
    private long numberFrom(int size, long offset) {
        int zone = Math.max(zones.at(offset * UNIT_BYTES), 0);
        for (; zone < zones.count(); zone++) {
            long skipped = Math.max(0, offset - begin(size, zone));
            long position = (skipped + units[size] - 1) / units[size];
            if (position < cut(zones.length(zone)).counts[size]) {
                return first(size, zone) + position;
            }
        }
        return IndexSet.NONE;
    }

    private Cut cut(long zoneBytes) {
        int power = Long.numberOfTrailingZeros(zoneBytes);
        if (Long.bitCount(zoneBytes) != 1) {
            throw new IllegalArgumentException(
                    "a zone has a power of two of bytes, was " + zoneBytes);
        }
        @Nullable Cut known = cuts[power];
        if (known == null) {
            known = newCut(zoneBytes / UNIT_BYTES);
            cuts[power] = known;
        }
        return known;
    }

    private Cut newCut(long zoneUnits) {
        long[] begins = new long[units.length];
        long[] counts = new long[units.length];
        long begin = 0;
        long share = 0;
        for (int size = units.length - 1; size >= 0; size--) {
            share += zoneUnits * percents[size] / ALL;
            begins[size] = begin;
            counts[size] = share / units[size];
            begin += counts[size] * units[size];
            share %= units[size];
        }
        return new Cut(begins, counts, begin < zoneUnits);
    }
}
