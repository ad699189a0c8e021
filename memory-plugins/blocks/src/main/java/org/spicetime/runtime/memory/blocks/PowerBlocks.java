// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import java.util.ArrayList;
import java.util.List;

/**
 * Free memory as blocks by order: one of order k has 2^k units and begins at a multiple of them.
 * Two free buddies never stay apart. Called by one thread at a time.
 *
 * <p>K. C. Knowlton: A Fast Storage Allocator. Communications of the ACM 8(10), 1965.
 */
public final class PowerBlocks {
    /** No order. */
    public static final int NONE = -1;

    private final List<IndexSet> byOrder = new ArrayList<>();
    private final int largestOrder;

    /** Bit k: there are free blocks of order k. */
    private long present;

    private long units;
    private long count;

    /**
     * Nothing is free.
     *
     * @param poolUnits all blocks lie below
     */
    public PowerBlocks(long poolUnits) {
        largestOrder = floorLog(poolUnits);
        for (int order = 0; order <= largestOrder; order++) {
            byOrder.add(new IndexSet((poolUnits >>> order) + 1));
        }
    }

    /** The largest order a block of so many units has room for. */
    public static int floorLog(long units) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
    }

    /** The smallest order that has room for so many units. */
    public static int ceilLog(long units) {
        return units <= 1 ? 0 : floorLog(units - 1) + 1;
    }

    /** Free units. */
    public long units() {
        return units;
    }

    /** Number of free blocks. */
    public long count() {
        return count;
    }

    /** Units of the largest free block. */
    public long largestUnits() {
        return present == 0 ? 0 : 1L << floorLog(present);
    }

    /** Order of a smallest free block of at least this order; {@link #NONE}: there is none. */
    public int findOrder(int order) {
        long enough = order > largestOrder ? 0 : present >>> order << order;
        return enough == 0 ? NONE : Long.numberOfTrailingZeros(enough);
    }

    /** Takes the lowest free block of an order out; where it begins. */
    public long takeFirst(int order) {
        long offset = byOrder.get(order).first() << order;
        remove(offset, order);
        return offset;
    }

    /** Whether a free block of that order begins there. */
    public boolean contains(long offset, int order) {
        return order <= largestOrder
                && (offset & (1L << order) - 1) == 0
                && byOrder.get(order).contains(offset >>> order);
    }

    /** Order of the free block that covers a unit; {@link #NONE}: it is not free. */
    public int covering(long unit) {
        for (int order = 0; order <= largestOrder; order++) {
            if (byOrder.get(order).contains(unit >>> order)) {
                return order;
            }
        }
        return NONE;
    }

    /** Takes a free block out. */
    public void remove(long offset, int order) {
        IndexSet set = byOrder.get(order);
        set.remove(offset >>> order);
        if (set.isEmpty()) {
            present &= ~(1L << order);
        }
        units -= 1L << order;
        count--;
    }

    /** Adds a block and merges it with its buddies, as far as they are free. */
    public void give(long offset, int order) {
        long begin = offset;
        int merged = order;
        while (merged < largestOrder) {
            long buddy = begin ^ 1L << merged;
            if (!byOrder.get(merged).contains(buddy >>> merged)) {
                break;
            }
            remove(buddy, merged);
            begin &= buddy;
            merged++;
        }
        byOrder.get(merged).add(begin >>> merged);
        present |= 1L << merged;
        units += 1L << merged;
        count++;
    }

    /** Adds a range as the fewest blocks it consists of. */
    public void giveRange(long from, long to) {
        long begin = from;
        while (begin < to) {
            int order = Math.min(floorLog(to - begin), largestOrder);
            if (begin != 0) {
                order = Math.min(order, Long.numberOfTrailingZeros(begin));
            }
            give(begin, order);
            begin += 1L << order;
        }
    }

    /** Takes a range out, if every unit of it is free; false: one is not, and nothing changed. */
    public boolean takeRange(long from, long to) {
        for (long unit = from; unit < to; ) {
            int order = covering(unit);
            if (order == NONE) {
                return false;
            }
            unit = (unit >>> order << order) + (1L << order);
        }
        for (long unit = from; unit < to; ) {
            int order = covering(unit);
            long begin = unit >>> order << order;
            long end = begin + (1L << order);
            remove(begin, order);
            giveRange(begin, Math.min(from, end));
            giveRange(Math.max(to, begin), end);
            unit = end;
        }
        return true;
    }
}
