// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import java.util.Arrays;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * The zones of a strategy in the order of their offsets, in bytes. What overlaps, leaves the pool
 * or is unknown is refused. Called by one thread at a time.
 */
public final class Zones {
    private final long poolBytes;
    private final long step;
    private long[] begins = new long[64];
    private long[] lengths = new long[64];
    private long[] counted = new long[64];
    private int count;
    private long bytes;

    /**
     * No zones.
     *
     * @param poolBytes all zones lie below
     * @param step offsets and lengths are multiples of it
     */
    public Zones(long poolBytes, long step) {
        this.poolBytes = poolBytes;
        this.step = step;
    }

    /**
     * Refuses a pool that cannot be counted in units of 16 bytes.
     *
     * @throws IllegalArgumentException if the granule is another, or the pool too large
     */
    public static void check(String strategy, Geometry geometry) {
        if (geometry.poolBytes() > BlockRows.MAX_POOL_BYTES
                || geometry.granuleBytes() != BlockRows.UNIT_BYTES) {
            throw new IllegalArgumentException(
                    "%s divides pools up to %d bytes with a granule of %d bytes, was %s"
                            .formatted(
                                    strategy,
                                    BlockRows.MAX_POOL_BYTES,
                                    BlockRows.UNIT_BYTES,
                                    geometry));
        }
    }

    /**
     * Adds a zone.
     *
     * @throws IllegalArgumentException if it overlaps another or leaves the pool; nothing changes
     */
    public void add(long offset, long length) {
        if (offset < 0
                || length <= 0
                || offset % step != 0
                || length % step != 0
                || offset > poolBytes - length) {
            throw new IllegalArgumentException(
                    "zone at %d of %d bytes is empty, no multiple of %d or beyond the pool of %d"
                            .formatted(offset, length, step, poolBytes));
        }
        int below = at(offset + length - 1);
        if (below >= 0 && begins[below] + lengths[below] > offset) {
            throw new IllegalArgumentException(
                    "zone at %d overlaps the zone at %d".formatted(offset, begins[below]));
        }
        if (count == begins.length) {
            begins = Arrays.copyOf(begins, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
            counted = Arrays.copyOf(counted, count * 2);
        }
        int place = below + 1;
        System.arraycopy(begins, place, begins, place + 1, count - place);
        System.arraycopy(lengths, place, lengths, place + 1, count - place);
        System.arraycopy(counted, place, counted, place + 1, count - place);
        begins[place] = offset;
        lengths[place] = length;
        counted[place] = 0;
        count++;
        bytes += length;
    }

    /**
     * The position of the zone that begins there.
     *
     * @throws IllegalArgumentException if none does
     */
    public int find(long offset) {
        int zone = at(offset);
        if (zone < 0 || begins[zone] != offset) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        return zone;
    }

    /** Takes the zone at a position out; those behind it move up by one. */
    public void remove(int zone) {
        bytes -= lengths[zone];
        count--;
        System.arraycopy(begins, zone + 1, begins, zone, count - zone);
        System.arraycopy(lengths, zone + 1, lengths, zone, count - zone);
        System.arraycopy(counted, zone + 1, counted, zone, count - zone);
    }

    /** The position of the last zone that begins at or before an offset; -1: there is none. */
    public int at(long offset) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (begins[middle] <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Number of zones. */
    public int count() {
        return count;
    }

    /** Where a zone begins. */
    public long begin(int zone) {
        return begins[zone];
    }

    /** Length of a zone. */
    public long length(int zone) {
        return lengths[zone];
    }

    /** What was counted for a zone by {@link #count(int, int)}. */
    public long counted(int zone) {
        return counted[zone];
    }

    /** Counts something for a zone, such as a block that comes or goes. */
    public void count(int zone, int change) {
        counted[zone] += change;
    }

    /** Length of all zones. */
    public long bytes() {
        return bytes;
    }
}
