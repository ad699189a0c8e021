// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.memory.blocks.BlockStrategy;

/*
 * Region allocation. Each hint, as a rule a task, has a chunk and a pointer into it; a block is where
 * the pointer is, and the pointer moves on. It never moves back: a released block is not used again
 * before its whole chunk is without live blocks, as it is when the task has ended. What does not fit
 * takes new chunks, and the one with more room left stays the hint's own.
 *
 * D. R. Hanson: Fast Allocation and Deallocation of Memory Based on Object Lifetimes. Software:
 * Practice and Experience 20(1), 1990.
 */
/**
 * Allocates by moving a pointer; what lies unused between live blocks of a chunk waits for them.
 */
final class Arena extends BlockStrategy {
    private static final long MOST_CHUNKS = 1L << 16;
    private static final long LEAST_ZONE_BYTES = 1L << 20;

    /** Where the next block of a hint may lie: from the top to the end of a chunk in use. */
    private static final class Cursor {
        final int hint;
        long top;
        long end;

        Cursor(int hint) {
            this.hint = hint;
        }
    }

    private final long chunkBytes;
    private final Chunks chunks;
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final @Nullable Cursor[] cursorIn;

    Arena(Geometry geometry, long wantedChunkBytes) {
        super("ARENA", geometry, chunkBytes(geometry, wantedChunkBytes));
        chunkBytes = chunkBytes(geometry, wantedChunkBytes);
        chunks = new Chunks(chunkBytes, geometry.poolBytes(), this::chunkFree);
        cursorIn = new @Nullable Cursor[chunks.chunk(geometry.poolBytes()) + 1];
    }

    private static long chunkBytes(Geometry geometry, long wanted) {
        long least = Math.max(wanted, geometry.poolBytes() / MOST_CHUNKS);
        long rounded = Long.highestOneBit(2 * least - 1);
        return Math.min(rounded, Math.min(geometry.zoneBytes(), LEAST_ZONE_BYTES));
    }

    long chunkBytes() {
        return chunkBytes;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long rounded = up(size, UNIT_BYTES);
        if (rounded > freeBytes()) {
            return AllocationFailure.NO_SPACE.result();
        }
        Cursor own = cursors.get(hint);
        long offset = own == null ? Long.MAX_VALUE : up(own.top, align);
        if (own != null && offset <= own.end - rounded) {
            own.top = offset + rounded;
        } else {
            int count = (int) ((rounded + chunkBytes - 1) / chunkBytes);
            int first = chunks.find(count, (int) Math.max(1, align / chunkBytes));
            if (first == Chunks.NONE) {
                return AllocationFailure.FRAGMENTED.result();
            }
            chunks.take(first, count);
            offset = first * chunkBytes;
            keepLarger(hint, own, offset + rounded, offset + count * chunkBytes);
        }
        chunks.added(offset, rounded);
        return blocks.add(offset / UNIT_BYTES, rounded / UNIT_BYTES, rounded - size, 0);
    }

    private long freeBytes() {
        return zones.bytes() - blocks.usedUnits() * UNIT_BYTES;
    }

    private void keepLarger(int hint, @Nullable Cursor own, long top, long end) {
        if (end - top <= (own == null ? 0 : own.end - own.top)) {
            return;
        }
        Cursor cursor = own;
        if (cursor == null) {
            cursor = new Cursor(hint);
            cursors.put(hint, cursor);
        } else {
            cursorIn[chunks.chunk(cursor.end - 1)] = null;
        }
        cursor.top = top;
        cursor.end = end;
        cursorIn[chunks.chunk(end - 1)] = cursor;
    }

    private void chunkFree(int chunk) {
        Cursor cursor = cursorIn[chunk];
        if (cursor != null) {
            cursorIn[chunk] = null;
            cursors.remove(cursor.hint);
        }
    }

    @Override
    public void release(long id) {
        int row = blocks.row(id);
        long offset = blocks.offset(row) * UNIT_BYTES;
        long size = blocks.size(row) * UNIT_BYTES;
        blocks.remove(row);
        chunks.removed(offset, size);
    }

    @Override
    public void addZone(long offset, long length) {
        zones.add(offset, length);
        chunks.add(offset, length);
    }

    @Override
    protected boolean take(int zone) {
        return chunks.drop(zones.begin(zone), zones.length(zone));
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(
                freeBytes(),
                chunks.largestRunBytes(),
                chunks.runs() + (long) chunks.withHoles(),
                blocks.wasteBytes());
    }

    private static long up(long value, long step) {
        return (value + step - 1) & -step;
    }
}
