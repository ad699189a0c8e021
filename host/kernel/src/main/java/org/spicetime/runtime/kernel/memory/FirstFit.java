// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;

/**
 * The built-in fallback: the lowest free place that is large enough. Free ranges lie in a map by
 * offset and are joined with their neighbours on release, across zone borders too. An allocation
 * takes time linear in the number of free ranges; what counts here is that it is plainly right.
 *
 * <p>First fit and its analysis: D. E. Knuth, <i>The Art of Computer Programming</i>, volume 1,
 * section 2.5.
 *
 * <p>Called by one thread at a time.
 */
final class FirstFit implements AllocationStrategy {
    private record Block(long offset, long size, long requested, long align) {}

    /** Blocks passed over between two looks at the time. */
    private static final int LOOK_EVERY = 32;

    private final Geometry geometry;
    private final TreeMap<Long, Long> zones = new TreeMap<>();
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private final Map<Long, Block> blocks = new HashMap<>();

    /** Ids by offset. */
    private final TreeMap<Long, Long> order = new TreeMap<>();

    /** Where the next step of compaction goes on. */
    private long cursor;

    private long freeBytes;
    private long wasteBytes;
    private long nextId;

    FirstFit(Geometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        long rounded = roundUp(size, geometry.granuleBytes());
        if (rounded < size || rounded > freeBytes) {
            return AllocationFailure.NO_SPACE.result();
        }
        for (Map.Entry<Long, Long> range : free.entrySet()) {
            long begin = range.getKey();
            long end = begin + range.getValue();
            long aligned = roundUp(begin, align);
            if (aligned >= begin && aligned <= end - rounded) {
                take(begin, end, aligned, aligned + rounded);
                long id = nextId++;
                blocks.put(id, new Block(aligned, rounded, size, align));
                order.put(aligned, id);
                wasteBytes += rounded - size;
                return id;
            }
        }
        return AllocationFailure.FRAGMENTED.result();
    }

    @Override
    public void release(long id) {
        Block block = live(id);
        blocks.remove(id);
        order.remove(block.offset);
        wasteBytes -= block.size - block.requested;
        give(block.offset, block.size);
    }

    @Override
    public long offset(long id) {
        return live(id).offset;
    }

    @Override
    public long size(long id) {
        return live(id).size;
    }

    @Override
    public boolean planMoves(MoveSink sink, long byteBudget) {
        long moved = 0;
        int looked = 0;
        Map.Entry<Long, Long> at = order.ceilingEntry(cursor);
        for (; at != null; at = order.higherEntry(at.getKey())) {
            Map.Entry<Long, Long> gap = free.lowerEntry(at.getKey());
            boolean below = gap != null && gap.getKey() + gap.getValue() == at.getKey();
            if (moved >= byteBudget || (below || looked++ % LOOK_EVERY == 0) && sink.over()) {
                cursor = at.getKey();
                return true;
            }
            if (gap != null && below) {
                long slid = slide(sink, at.getValue(), gap.getKey());
                moved += slid;
                if (slid == 0 && sink.over()) {
                    // Perhaps refused for want of time: this block is the first of the next step.
                    cursor = at.getKey();
                    return true;
                }
            }
        }
        cursor = 0;
        return false;
    }

    /** Moves a block down into the gap before it, if that is agreed to; bytes moved. */
    private long slide(MoveSink sink, long id, long gap) {
        Block block = live(id);
        long to = roundUp(gap, block.align);
        if (to >= block.offset || !sink.move(id, block.offset, to)) {
            return 0;
        }
        order.remove(block.offset);
        give(block.offset, block.size);
        long joined = free.getOrDefault(gap, 0L);
        take(gap, gap + joined, to, to + block.size);
        blocks.put(id, new Block(to, block.size, block.requested, block.align));
        order.put(to, id);
        return block.size;
    }

    @Override
    public void addZone(long offset, long length) {
        if (offset < 0 || length <= 0 || offset > geometry.poolBytes() - length) {
            throw new IllegalArgumentException(
                    "zone must lie within 0 to %d, was %d to %d"
                            .formatted(geometry.poolBytes(), offset, offset + length));
        }
        Map.Entry<Long, Long> below = zones.lowerEntry(offset + length);
        if (below != null && below.getKey() + below.getValue() > offset) {
            throw new IllegalArgumentException(
                    "zone at %d overlaps the zone at %d".formatted(offset, below.getKey()));
        }
        zones.put(offset, length);
        give(offset, length);
    }

    @Override
    public boolean dropZone(long offset) {
        Long length = zones.get(offset);
        if (length == null) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        Map.Entry<Long, Long> range = free.floorEntry(offset);
        if (range == null || range.getKey() + range.getValue() < offset + length) {
            return false;
        }
        zones.remove(offset);
        take(range.getKey(), range.getKey() + range.getValue(), offset, offset + length);
        return true;
    }

    @Override
    public FragmentationStats stats() {
        long largest = 0;
        for (long length : free.values()) {
            largest = Math.max(largest, length);
        }
        return new FragmentationStats(freeBytes, largest, free.size(), wasteBytes);
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        blocks.forEach((id, block) -> visitor.visit(id, block.offset, block.size));
    }

    /** Takes {@code [from, to)} out of the free range {@code [begin, end)}. */
    private void take(long begin, long end, long from, long to) {
        free.remove(begin);
        if (from > begin) {
            free.put(begin, from - begin);
        }
        if (to < end) {
            free.put(to, end - to);
        }
        freeBytes -= to - from;
    }

    private void give(long offset, long length) {
        long begin = offset;
        long end = offset + length;
        Map.Entry<Long, Long> below = free.lowerEntry(begin);
        if (below != null && below.getKey() + below.getValue() == begin) {
            begin = below.getKey();
        }
        Long above = free.remove(end);
        if (above != null) {
            end += above;
        }
        free.put(begin, end - begin);
        freeBytes += length;
    }

    private Block live(long id) {
        @Nullable Block block = blocks.get(id);
        if (block == null) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return block;
    }

    private static long roundUp(long value, long step) {
        return (value + step - 1) & -step;
    }
}
