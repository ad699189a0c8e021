// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The zones of a pool: which range each covers, which generation of strategy holds it, and how many
 * live blocks touch it. Zones have the size of a power of two near 1/64 of the pool, from 1 to 64
 * MiB; a remainder becomes smaller powers of two. Behind them lies the reserve, so that a new
 * strategy can start when the pool is full; behind that, while a pool shrinks, the tail: what still
 * holds blocks and is given to nobody.
 *
 * <p>Guarded by the caller.
 */
public final class ZoneTable {
    /** Zones begin and end on multiples of this. */
    private static final int UNIT_SHIFT = 20;

    private static final long UNIT = 1L << UNIT_SHIFT;
    private static final long ZONES_AIMED_AT = 64;
    private static final long LARGEST_ZONE = 64 * UNIT;

    private long zoneBytes;
    private int reserve;
    private long[] begins;
    private int[] zoneOfUnit;
    private @Nullable Generation[] holders;
    private int[] live;
    private int[] stuck;

    ZoneTable(long poolBytes) {
        this(poolBytes, 0);
    }

    /**
     * @param poolBytes size of the pool
     * @param lastEnd end of the last live block; what lies beyond the reserve becomes the tail
     */
    ZoneTable(long poolBytes, long lastEnd) {
        zoneBytes = zoneBytes(poolBytes);
        long tailEnd = (lastEnd + UNIT - 1) & -UNIT;
        List<Long> ends = new ArrayList<>();
        cut(0, poolBytes, ends);
        reserve = ends.size();
        long end = end(poolBytes);
        ends.add(end);
        cut(end, tailEnd, ends);
        int count = ends.size();
        begins = new long[count + 1];
        zoneOfUnit = new int[(int) (Math.max(end, tailEnd) >>> UNIT_SHIFT)];
        for (int zone = 0; zone < count; zone++) {
            begins[zone + 1] = ends.get(zone);
            Arrays.fill(zoneOfUnit, unit(begins[zone]), unit(begins[zone + 1]), zone);
        }
        holders = new @Nullable Generation[count];
        live = new int[count];
        stuck = new int[count];
    }

    /** Largest zones that begin on multiples of their size. */
    private void cut(long from, long to, List<Long> ends) {
        long at = from;
        while (at < to) {
            long fits = Math.min(zoneBytes, Long.highestOneBit(to - at));
            at += at == 0 ? fits : Math.min(fits, Long.lowestOneBit(at));
            ends.add(at);
        }
    }

    /** Size of the regular zones of a pool. */
    static long zoneBytes(long poolBytes) {
        return Long.highestOneBit(Math.clamp(poolBytes / ZONES_AIMED_AT, UNIT, LARGEST_ZONE));
    }

    /** End of the reserve of a pool. */
    static long end(long poolBytes) {
        return poolBytes + zoneBytes(poolBytes);
    }

    /** Number of zones, the reserve and the tail included. */
    public int count() {
        return live.length;
    }

    /** Where a zone begins, bytes from the beginning of the pool. */
    public long offset(int zone) {
        return begins[zone];
    }

    /** Length of a zone, bytes. */
    public long length(int zone) {
        return begins[zone + 1] - begins[zone];
    }

    /** Number of live blocks that touch a zone. */
    public int liveBlocks(int zone) {
        return live[zone];
    }

    /** Whether a zone still holds blocks of a strategy that is no longer in charge. */
    public boolean draining(int zone) {
        @Nullable Generation holder = holders[zone];
        return holder != null && holder.retired();
    }

    /**
     * Whether a task that cannot be stopped holds a block in a zone. Then nothing is placed there,
     * nothing is moved, and it does not go back to the machine.
     */
    public boolean quarantined(int zone) {
        return stuck[zone] > 0;
    }

    /** The reserve; zones below it are the pool proper, those above it the tail. */
    public int reserve() {
        return reserve;
    }

    long zoneBytes() {
        return zoneBytes;
    }

    /** End of all zones, the reserve and the tail included. */
    long end() {
        return begins[live.length];
    }

    /** The zone that contains an offset. */
    int at(long offset) {
        return zoneOfUnit[unit(offset)];
    }

    private static int unit(long offset) {
        return (int) (offset >>> UNIT_SHIFT);
    }

    @Nullable Generation holder(int zone) {
        return holders[zone];
    }

    /** Gives a zone to a generation, or to nobody. */
    void assign(int zone, @Nullable Generation holder) {
        @Nullable Generation before = holders[zone];
        if (before != null) {
            before.zoneBytes -= length(zone);
        }
        if (holder != null) {
            holder.zoneBytes += length(zone);
        }
        holders[zone] = holder;
    }

    /** Whether every byte of a range lies in zones of the generation. */
    boolean within(long offset, long size, Generation generation) {
        for (int zone = at(offset); zone < count() && begins[zone] < offset + size; zone++) {
            if (holders[zone] != generation) {
                return false;
            }
        }
        return true;
    }

    /** Whether a range touches a quarantined zone. */
    boolean quarantined(long offset, long size) {
        for (int zone = at(offset); zone < count() && begins[zone] < offset + size; zone++) {
            if (stuck[zone] > 0) {
                return true;
            }
        }
        return false;
    }

    void blockAdded(long offset, long size) {
        count(live, offset, size, 1);
    }

    void blockRemoved(long offset, long size) {
        count(live, offset, size, -1);
    }

    /** A block belongs to a task that cannot be stopped. */
    void stuckAdded(long offset, long size) {
        count(stuck, offset, size, 1);
    }

    void stuckRemoved(long offset, long size) {
        count(stuck, offset, size, -1);
    }

    private void count(int[] column, long offset, long size, int step) {
        for (int zone = at(offset); zone < count() && begins[zone] < offset + size; zone++) {
            column[zone] += step;
        }
    }

    int drainingCount() {
        int draining = 0;
        for (int zone = 0; zone < count(); zone++) {
            if (draining(zone)) {
                draining++;
            }
        }
        return draining;
    }

    /** Whether there is a tail. */
    boolean tailed() {
        return count() > reserve + 1;
    }

    /** Number of live blocks in the tail; one that lies across zones counts in each. */
    long tailBlocks() {
        long blocks = 0;
        for (int zone = reserve + 1; zone < count(); zone++) {
            blocks += live[zone];
        }
        return blocks;
    }

    /** Forgets the tail, which must hold no block. */
    void dropTail() {
        int count = reserve + 1;
        begins = Arrays.copyOf(begins, count + 1);
        zoneOfUnit = Arrays.copyOf(zoneOfUnit, unit(begins[count]));
        holders = Arrays.copyOf(holders, count);
        live = Arrays.copyOf(live, count);
        stuck = Arrays.copyOf(stuck, count);
    }

    /** Takes over what another table says; that one is not used any more. */
    void become(ZoneTable other) {
        zoneBytes = other.zoneBytes;
        reserve = other.reserve;
        begins = other.begins;
        zoneOfUnit = other.zoneOfUnit;
        holders = other.holders;
        live = other.live;
        stuck = other.stuck;
    }
}
