// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.arena;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

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
final class Arena implements AllocationStrategy {
    static final long GRANULE_BYTES = 16;
    static final long MAX_POOL_BYTES = 1L << 36;

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

    private final Geometry geometry;
    private final long chunkBytes;
    private final Chunks chunks;
    private final LiveBlocks blocks = new LiveBlocks();
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final @Nullable Cursor[] cursorIn;
    private final TreeMap<Long, Long> zones = new TreeMap<>();
    private long freeBytes;
    private long wasteBytes;

    Arena(Geometry geometry, long wantedChunkBytes) {
        if (geometry.poolBytes() > MAX_POOL_BYTES || geometry.granuleBytes() != GRANULE_BYTES) {
            throw new IllegalArgumentException(
                    "ARENA divides pools up to %d bytes with a granule of %d bytes, was %s"
                            .formatted(MAX_POOL_BYTES, GRANULE_BYTES, geometry));
        }
        this.geometry = geometry;
        long least = Math.max(wantedChunkBytes, geometry.poolBytes() / MOST_CHUNKS);
        long rounded = Long.highestOneBit(2 * least - 1);
        chunkBytes = Math.min(rounded, Math.min(geometry.zoneBytes(), LEAST_ZONE_BYTES));
        chunks = new Chunks(chunkBytes, geometry.poolBytes(), this::chunkFree);
        cursorIn = new @Nullable Cursor[chunks.chunk(geometry.poolBytes()) + 1];
    }

    long chunkBytes() {
        return chunkBytes;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > geometry.poolBytes()) {
            return AllocationFailure.TOO_LARGE.result();
        }
        long rounded = up(size, GRANULE_BYTES);
        if (rounded > freeBytes) {
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
        freeBytes -= rounded;
        wasteBytes += rounded - size;
        return blocks.add(offset, rounded, (int) (rounded - size));
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
        long offset = blocks.offset(row);
        long size = blocks.size(row);
        freeBytes += size;
        wasteBytes -= blocks.waste(row);
        blocks.remove(row);
        chunks.removed(offset, size);
    }

    @Override
    public long offset(long id) {
        return blocks.offset(blocks.row(id));
    }

    @Override
    public long size(long id) {
        return blocks.size(blocks.row(id));
    }

    @Override
    public void addZone(long offset, long length) {
        if (offset < 0
                || length <= 0
                || offset % chunkBytes != 0
                || length % chunkBytes != 0
                || offset > geometry.poolBytes() - length) {
            throw new IllegalArgumentException(
                    "zone at %d of %d bytes is empty, no multiple of the chunk of %d or beyond the pool"
                                    .formatted(offset, length, chunkBytes)
                            + " of "
                            + geometry.poolBytes());
        }
        Map.Entry<Long, Long> below = zones.lowerEntry(offset + length);
        if (below != null && below.getKey() + below.getValue() > offset) {
            throw new IllegalArgumentException(
                    "zone at %d overlaps the zone at %d".formatted(offset, below.getKey()));
        }
        zones.put(offset, length);
        chunks.add(offset, length);
        freeBytes += length;
    }

    @Override
    public boolean dropZone(long offset) {
        Long length = zones.get(offset);
        if (length == null) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        if (!chunks.drop(offset, length)) {
            return false;
        }
        zones.remove(offset);
        freeBytes -= length;
        return true;
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(
                freeBytes,
                chunks.largestRunBytes(),
                chunks.runs() + (long) chunks.withHoles(),
                wasteBytes);
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        for (int row = 0; row < blocks.rows(); row++) {
            if (blocks.live(row)) {
                visitor.visit(blocks.id(row), blocks.offset(row), blocks.size(row));
            }
        }
    }

    private static long up(long value, long step) {
        return (value + step - 1) & -step;
    }
}
