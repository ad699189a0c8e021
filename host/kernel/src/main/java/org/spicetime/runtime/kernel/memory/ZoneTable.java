// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.Nullable;

/**
 * The zones of a pool: which range each covers, which generation of strategy holds it, and how many
 * live blocks touch it. Regular zones have the size of a power of two near 1/64 of the pool, from 1
 * to 64 MiB; a remainder becomes smaller powers of two; the last zone is the reserve, which lies
 * beyond the pool so that a new strategy can start when the pool is full.
 *
 * <p>Guarded by the caller.
 */
public final class ZoneTable {
    private static final long MIB = 1L << 20;
    private static final long ZONES_AIMED_AT = 64;
    private static final long LARGEST_ZONE = 64 * MIB;

    private final long zoneBytes;
    private final int regular;
    private final long[] begins;
    private final @Nullable Generation[] holders;
    private final int[] live;

    ZoneTable(long poolBytes) {
        zoneBytes = zoneBytes(poolBytes);
        regular = (int) (poolBytes / zoneBytes);
        long remainder = poolBytes % zoneBytes;
        int count = regular + Long.bitCount(remainder) + 1;
        begins = new long[count + 1];
        int zone = 0;
        for (; zone < regular; zone++) {
            begins[zone + 1] = begins[zone] + zoneBytes;
        }
        for (long rest = remainder; rest > 0; rest -= Long.highestOneBit(rest)) {
            begins[zone + 1] = begins[zone] + Long.highestOneBit(rest);
            zone++;
        }
        begins[zone + 1] = begins[zone] + zoneBytes;
        holders = new @Nullable Generation[count];
        live = new int[count];
    }

    /** Size of the regular zones of a pool. */
    static long zoneBytes(long poolBytes) {
        return Long.highestOneBit(Math.clamp(poolBytes / ZONES_AIMED_AT, MIB, LARGEST_ZONE));
    }

    /** Number of zones, the reserve included; it is the last. */
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

    long zoneBytes() {
        return zoneBytes;
    }

    int reserve() {
        return live.length - 1;
    }

    /** End of all zones, the reserve included. */
    long end() {
        return begins[live.length];
    }

    /** The zone that contains an offset. */
    int at(long offset) {
        long candidate = offset / zoneBytes;
        if (candidate < regular) {
            return (int) candidate;
        }
        int zone = regular;
        while (begins[zone + 1] <= offset) {
            zone++;
        }
        return zone;
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

    void blockAdded(long offset, long size) {
        for (int zone = at(offset); zone < count() && begins[zone] < offset + size; zone++) {
            live[zone]++;
        }
    }

    void blockRemoved(long offset, long size) {
        for (int zone = at(offset); zone < count() && begins[zone] < offset + size; zone++) {
            live[zone]--;
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
}
