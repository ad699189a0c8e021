// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.allocationstrategy;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * The shortest free range that has room (D. E. Knuth, <i>The Art of Computer Programming</i>,
 * volume 1, section 2.5). Logarithmic in the number of free ranges, unless alignment spoils the
 * shortest ones. Called by one thread at a time.
 */
final class BestFit implements AllocationStrategy {

    private record Block(long offset, long size, long requested) {}

    private final Geometry geometry;
    private final TreeMap<Long, Long> zones = new TreeMap<>();
    private final FreeRanges free = new FreeRanges();
    private final Map<Long, Block> blocks = new HashMap<>();
    private long wasteBytes;
    private long nextId;

    BestFit(Geometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public long allocate(long size, long align, int hint) {
        if (size > free.bytes()) {
            return AllocationFailure.NO_SPACE.result();
        }
        long rounded = Math.ceilDiv(size, geometry.granuleBytes()) * geometry.granuleBytes();
        if (rounded > free.bytes()) {
            return AllocationFailure.NO_SPACE.result();
        }
        long offset = free.take(rounded, Math.max(align, geometry.granuleBytes()));
        if (offset < 0) {
            return AllocationFailure.FRAGMENTED.result();
        }
        long id = nextId++;
        blocks.put(id, new Block(offset, rounded, size));
        wasteBytes += rounded - size;
        return id;
    }

    @Override
    public void release(long id) {
        Block block = live(id);
        blocks.remove(id);
        wasteBytes -= block.size - block.requested;
        free.give(block.offset, block.size);
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
    public void addZone(long offset, long length) {
        Map.Entry<Long, Long> below = zones.lowerEntry(offset + length);
        if (offset < 0
                || length <= 0
                || offset > geometry.poolBytes() - length
                || (below != null && below.getKey() + below.getValue() > offset)) {
            throw new IllegalArgumentException(
                    "zone %d to %d leaves the pool of %d bytes or overlaps another one"
                            .formatted(offset, offset + length, geometry.poolBytes()));
        }
        zones.put(offset, length);
        free.give(offset, length);
    }

    @Override
    public boolean dropZone(long offset) {
        Long length = zones.get(offset);
        if (length == null) {
            throw new IllegalArgumentException("no zone begins at " + offset);
        }
        if (!free.take(new FreeRanges.Range(offset, length))) {
            return false;
        }
        zones.remove(offset);
        return true;
    }

    @Override
    public FragmentationStats stats() {
        return new FragmentationStats(free.bytes(), free.largest(), free.count(), wasteBytes);
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        blocks.forEach((id, block) -> visitor.visit(id, block.offset, block.size));
    }

    private Block live(long id) {
        Block block = blocks.get(id);
        if (block == null) {
            throw new IllegalArgumentException("no block lives under id " + id);
        }
        return block;
    }
}
