// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

/**
 * Free memory as ranges in units, no two of them side by side. Given back, a range joins its
 * neighbours at once; taken is the smallest range that is large enough, the lowest among equals.
 *
 * <p>D. E. Knuth: The Art of Computer Programming, volume 1, section 2.5; that the lowest of the
 * best fits fragments least: M. S. Johnstone, P. R. Wilson: The Memory Fragmentation Problem:
 * Solved? ISMM 1998.
 *
 * <p>Called by one thread at a time.
 */
public final class FreeRanges {
    /** No range. */
    public static final long NONE = -1;

    /** Ranges looked at for an alignment before one is taken that surely has it. */
    private static final int LOOKED_AT = 16;

    private final SizeTree bySize = new SizeTree();
    private final RowMap byBegin = new RowMap();
    private final RowMap byEnd = new RowMap();
    private long units;
    private long count;

    /** Nothing is free. */
    public FreeRanges() {}

    /** Free units. */
    public long units() {
        return units;
    }

    /** Number of ranges. */
    public long count() {
        return count;
    }

    /** Units of the largest range. */
    public long largest() {
        return count == 0 ? 0 : bySize.size(bySize.last());
    }

    /** Units of the free range that begins there; 0: none does. */
    public long beginningAt(long offset) {
        int row = from(offset);
        return row == RowMap.NONE ? 0 : bySize.size(row);
    }

    /** Units of the free range that ends there; 0: none does. */
    public long endingAt(long offset) {
        int row = to(offset);
        return row == RowMap.NONE ? 0 : bySize.size(row);
    }

    /** Adds a range, of which nothing is free yet. */
    public void give(long from, long to) {
        long begin = from;
        long end = to;
        int below = to(from);
        if (below != RowMap.NONE) {
            begin = bySize.offset(below);
            remove(below);
        }
        int above = from(to);
        if (above != RowMap.NONE) {
            end = to + bySize.size(above);
            remove(above);
        }
        add(begin, end);
    }

    /**
     * Takes the best fit.
     *
     * @param size units
     * @param align a power of two, in units
     * @return where it begins; {@link #NONE}: there is no such range
     */
    public long take(long size, long align) {
        int row = bySize.ceiling(size, 0);
        for (int looked = 0; looked < LOOKED_AT && row != SizeTree.NONE; looked++) {
            long aligned = up(bySize.offset(row), align);
            if (aligned + size <= bySize.offset(row) + bySize.size(row)) {
                cut(row, aligned, aligned + size);
                return aligned;
            }
            row = bySize.ceiling(bySize.size(row), bySize.offset(row) + 1);
        }
        row = row == SizeTree.NONE ? row : bySize.ceiling(size + align - 1, 0);
        if (row == SizeTree.NONE) {
            return NONE;
        }
        long aligned = up(bySize.offset(row), align);
        cut(row, aligned, aligned + size);
        return aligned;
    }

    /** Takes a range that is the beginning of a free one; false: it is not free. */
    public boolean takeAt(long from, long to) {
        int row = from(from);
        if (row == RowMap.NONE || from + bySize.size(row) < to) {
            return false;
        }
        cut(row, from, to);
        return true;
    }

    /**
     * Takes a range out, if every unit of it is free; false: one is not. Looks at all ranges that
     * are as large.
     */
    public boolean takeRange(long from, long to) {
        int row = bySize.ceiling(to - from, 0);
        while (row != SizeTree.NONE) {
            long begin = bySize.offset(row);
            if (begin <= from && begin + bySize.size(row) >= to) {
                cut(row, from, to);
                return true;
            }
            row = bySize.ceiling(bySize.size(row), begin + 1);
        }
        return false;
    }

    /**
     * The range that begins there. The maps know 32 bits of an offset; one end of a pool has 33.
     */
    private int from(long offset) {
        int row = byBegin.get(offset);
        return row != RowMap.NONE && bySize.offset(row) == offset ? row : RowMap.NONE;
    }

    /** The range that ends there. */
    private int to(long offset) {
        int row = byEnd.get(offset);
        return row != RowMap.NONE && bySize.offset(row) + bySize.size(row) == offset
                ? row
                : RowMap.NONE;
    }

    private void cut(int row, long from, long to) {
        long begin = bySize.offset(row);
        long end = begin + bySize.size(row);
        remove(row);
        if (begin < from) {
            add(begin, from);
        }
        if (to < end) {
            add(to, end);
        }
    }

    private void add(long begin, long end) {
        int row = bySize.add(begin, end - begin);
        byBegin.put(begin, row);
        byEnd.put(end, row);
        units += end - begin;
        count++;
    }

    private void remove(int row) {
        long begin = bySize.offset(row);
        long size = bySize.size(row);
        byBegin.remove(begin);
        byEnd.remove(begin + size);
        bySize.remove(row);
        units -= size;
        count--;
    }

    private static long up(long value, long step) {
        return (value + step - 1) & -step;
    }
}
