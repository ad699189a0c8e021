// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import static org.spicetime.runtime.memory.tlsf.BlockRows.NONE;
import static org.spicetime.runtime.memory.tlsf.BlockRows.UNIT_BYTES;

import java.util.Map;
import java.util.TreeMap;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;

/*
 * Two-level segregated fit over extents. Neighbouring zones form an extent, a chain of blocks in the
 * order of their offsets between two border rows; borders count as used, so a released block never
 * joins beyond them. A released block joins its free neighbours at once, so no two free blocks of an
 * extent are neighbours.
 *
 * M. Masmano, I. Ripoll, A. Crespo, J. Real: TLSF: A New Dynamic Memory Allocator for Real-Time
 * Systems. 16th Euromicro Conference on Real-Time Systems, 2004. There the descriptors lie in the
 * blocks; here they lie beside the pool.
 */
/** Allocates and releases in a time that does not depend on the number of blocks. */
final class Tlsf implements AllocationStrategy {
    /** Blocks passed over between two looks at the time. */
    private static final int LOOK_EVERY = 32;

    private final Geometry geometry;
    private final BlockRows blocks;
    private final FreeIndex free;

    /** Length of each zone by its offset, in units. */
    private final TreeMap<Long, Long> zones = new TreeMap<>();

    /** Border rows by offset: where extents begin, and where they end. */
    private final TreeMap<Long, Integer> begins = new TreeMap<>();

    private final TreeMap<Long, Integer> ends = new TreeMap<>();

    private long wasteBytes;

    /** Block at which the next step of compaction goes on; NONE: {@link #cursorOffset} tells. */
    private int cursor = NONE;

    private long cursorOffset;

    Tlsf(Geometry geometry) {
        if (geometry.poolBytes() > BlockRows.MAX_UNITS * UNIT_BYTES
                || geometry.granuleBytes() != UNIT_BYTES) {
            throw new IllegalArgumentException(
                    "TLSF divides pools up to %d bytes with a granule of %d bytes, was %s"
                            .formatted(BlockRows.MAX_UNITS * UNIT_BYTES, UNIT_BYTES, geometry));
        }
        this.geometry = geometry;
        blocks = new BlockRows(geometry.poolBytes());
        free = new FreeIndex(blocks);
    }

    static long alignUp(long value, long step) {
        return (value + step - 1) & -step;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long units = (size + UNIT_BYTES - 1) / UNIT_BYTES;
        if (units > free.freeUnits()) {
            return AllocationFailure.NO_SPACE.result();
        }
        long alignUnits = Math.max(align / UNIT_BYTES, 1);
        int row = free.find(units, alignUnits);
        if (row == NONE) {
            return AllocationFailure.FRAGMENTED.result();
        }
        free.remove(row);
        long begin = blocks.offset(row);
        long end = blocks.end(row);
        long aligned = alignUp(begin, alignUnits);
        if (aligned > begin) {
            int gap = blocks.take(begin, aligned - begin);
            blocks.join(blocks.before(row), gap);
            blocks.join(gap, row);
            free.add(gap);
        }
        blocks.place(row, aligned, units);
        if (aligned + units < end) {
            int rest = blocks.take(aligned + units, end - aligned - units);
            blocks.join(rest, blocks.after(row));
            blocks.join(row, rest);
            free.add(rest);
        }
        int waste = (int) (units * UNIT_BYTES - size);
        blocks.asked(row, waste, alignUnits);
        wasteBytes += waste;
        return blocks.id(row);
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        wasteBytes -= blocks.waste(row);
        blocks.outdate(row);
        give(row);
    }

    @Override
    public long offset(long id) {
        return blocks.offset(blocks.row(id)) * UNIT_BYTES;
    }

    @Override
    public long size(long id) {
        return blocks.size(blocks.row(id)) * UNIT_BYTES;
    }

    @Override
    public boolean planMoves(MoveSink sink, long byteBudget) {
        long moved = 0;
        int looked = 0;
        int row = cursor != NONE ? cursor : firstFrom(cursorOffset);
        for (; row != NONE; row = following(row)) {
            if (!blocks.live(row)) {
                continue;
            }
            boolean gap = !blocks.used(blocks.before(row));
            if (moved >= byteBudget || (gap || looked++ % LOOK_EVERY == 0) && sink.over()) {
                cursor = row;
                return true;
            }
            if (gap) {
                long slid = slide(sink, row);
                moved += slid;
                if (slid == 0 && sink.over()) {
                    // Perhaps refused for want of time: this block is the first of the next step.
                    cursor = row;
                    return true;
                }
            }
        }
        cursor = NONE;
        cursorOffset = 0;
        return false;
    }

    /** A row of the extent at an offset or the next one; NONE: there is none. */
    private int firstFrom(long offset) {
        Map.Entry<Long, Integer> extent = begins.floorEntry(offset);
        extent = extent == null ? begins.higherEntry(offset) : extent;
        return extent == null ? NONE : blocks.after(extent.getValue());
    }

    /** The next row in the order of offsets, over the ends of extents; NONE: there is none. */
    private int following(int row) {
        if (!blocks.border(row)) {
            return blocks.after(row);
        }
        Map.Entry<Long, Integer> next = begins.ceilingEntry(blocks.offset(row));
        return next == null ? NONE : blocks.after(next.getValue());
    }

    /** Moves a block down into the gap before it, if that is agreed to; bytes moved. */
    private long slide(MoveSink sink, int row) {
        int left = blocks.before(row);
        long gap = blocks.offset(left);
        long from = blocks.offset(row);
        long size = blocks.size(row);
        long to = alignUp(gap, blocks.align(row));
        if (to >= from || !sink.move(blocks.id(row), from * UNIT_BYTES, to * UNIT_BYTES)) {
            return 0;
        }
        free.remove(left);
        int after = blocks.after(row);
        int rest = left;
        if (to > gap) {
            blocks.place(left, gap, to - gap);
            free.add(left);
            rest = blocks.take(to + size, from - to);
        } else {
            blocks.join(blocks.before(left), row);
            blocks.place(rest, to + size, from - to);
        }
        blocks.place(row, to, size);
        blocks.join(row, rest);
        blocks.join(rest, after);
        give(rest);
        return size * UNIT_BYTES;
    }

    /** Drops a row; compaction goes on near it. */
    private void drop(int row) {
        if (row == cursor) {
            cursor = NONE;
            cursorOffset = blocks.offset(row);
        }
        blocks.drop(row);
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
        Integer leftBorder = ends.remove(begin);
        Integer rightBorder = begins.remove(end);
        int left;
        if (leftBorder != null) {
            left = blocks.before(leftBorder);
            blocks.drop(leftBorder);
        } else {
            left = beginExtent(begin);
        }
        int right;
        if (rightBorder != null) {
            right = blocks.after(rightBorder);
            blocks.drop(rightBorder);
        } else {
            right = endExtent(end);
        }
        int row = blocks.take(begin, end - begin);
        blocks.join(left, row);
        blocks.join(row, right);
        give(row);
    }

    @Override
    public boolean dropZone(long offset) {
        Long length = zones.get(offset / UNIT_BYTES);
        if (length == null || offset % UNIT_BYTES != 0) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        long begin = offset / UNIT_BYTES;
        long end = begin + length;
        int row = free.covering(begin, end);
        if (row == NONE) {
            return false;
        }
        zones.remove(begin);
        free.remove(row);
        cutLeft(row, begin);
        cutRight(row, end);
        drop(row);
        return true;
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(
                free.freeUnits() * UNIT_BYTES,
                free.largest() * UNIT_BYTES,
                free.freeBlocks(),
                wasteBytes);
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        for (int row = 0; row < blocks.rows(); row++) {
            if (blocks.live(row)) {
                visitor.visit(
                        blocks.id(row),
                        blocks.offset(row) * UNIT_BYTES,
                        blocks.size(row) * UNIT_BYTES);
            }
        }
    }

    /** Makes a used row free and joins it with its free neighbours. */
    private void give(int used) {
        int row = used;
        int left = blocks.before(row);
        if (!blocks.used(left)) {
            free.remove(left);
            blocks.place(left, blocks.offset(left), blocks.size(left) + blocks.size(row));
            blocks.join(left, blocks.after(row));
            cursor = row == cursor ? left : cursor;
            blocks.drop(row);
            row = left;
        }
        int right = blocks.after(row);
        if (!blocks.used(right)) {
            free.remove(right);
            blocks.place(row, blocks.offset(row), blocks.size(row) + blocks.size(right));
            blocks.join(row, blocks.after(right));
            cursor = right == cursor ? row : cursor;
            blocks.drop(right);
        }
        free.add(row);
    }

    /** Ends the extent of a row at an offset within the row, or at its beginning. */
    private void cutLeft(int row, long begin) {
        int left = blocks.before(row);
        if (blocks.offset(row) < begin) {
            int rest = blocks.take(blocks.offset(row), begin - blocks.offset(row));
            blocks.join(left, rest);
            blocks.join(rest, endExtent(begin));
            free.add(rest);
        } else if (blocks.border(left)) {
            begins.remove(begin);
            blocks.drop(left);
        } else {
            blocks.join(left, endExtent(begin));
        }
    }

    /** Begins the extent after a row at an offset within the row, or at its end. */
    private void cutRight(int row, long end) {
        int right = blocks.after(row);
        if (blocks.end(row) > end) {
            int rest = blocks.take(end, blocks.end(row) - end);
            blocks.join(rest, right);
            blocks.join(beginExtent(end), rest);
            free.add(rest);
        } else if (blocks.border(right)) {
            ends.remove(end);
            blocks.drop(right);
        } else {
            blocks.join(beginExtent(end), right);
        }
    }

    private int beginExtent(long offset) {
        int border = blocks.take(offset, 0);
        begins.put(offset, border);
        return border;
    }

    private int endExtent(long offset) {
        int border = blocks.take(offset, 0);
        ends.put(offset, border);
        return border;
    }
}
