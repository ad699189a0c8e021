// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * The naive truth about a strategy: zones, live blocks and a bit per granule, each answer checked
 * against them before it is believed. A check costs well below a microsecond, so that it can follow
 * every operation. Called by one thread at a time.
 */
final class BlockModel {
    /** A live block. */
    record Block(long id, long offset, long size, long requested, long align) {}

    private final Geometry geometry;
    private final Occupancy occupancy;
    private final TreeMap<Long, Long> zones = new TreeMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Map<Long, Integer> positions = new HashMap<>();
    private long zoneBytes;
    private long usedBytes;
    private long requestedBytes;
    private long highestOffset = -1;

    BlockModel(Geometry geometry) {
        this.geometry = geometry;
        occupancy = new Occupancy(geometry.granuleBytes(), geometry.poolBytes());
    }

    void zoneAdded(long offset, long length) {
        zones.put(offset, length);
        zoneBytes += length;
        occupancy.open(offset, length);
    }

    void zoneDropped(long offset) {
        Long length = zones.remove(offset);
        if (length == null) {
            throw new AssertionError("no zone begins at " + offset);
        }
        zoneBytes -= length;
        occupancy.close(offset, length);
    }

    Map<Long, Long> zones() {
        return zones;
    }

    int count() {
        return blocks.size();
    }

    Block block(int position) {
        return blocks.get(position);
    }

    long usedBytes() {
        return usedBytes;
    }

    long freeBytes() {
        return zoneBytes - usedBytes;
    }

    /** The largest offset a block ever had; -1: there was none. */
    long highestOffset() {
        return highestOffset;
    }

    /** Checks a new block and believes it. */
    void allocated(Block block) {
        if (positions.putIfAbsent(block.id, blocks.size()) != null) {
            throw new AssertionError(block + " has the id of a live block: " + live(block.id));
        }
        check(block);
        blocks.add(block);
        place(block);
    }

    void released(long id) {
        Block block = live(id);
        int position = position(id);
        positions.remove(id);
        Block last = blocks.removeLast();
        if (last.id != id) {
            blocks.set(position, last);
            positions.put(last.id, position);
        }
        displace(block);
    }

    /** Checks a block that took another place or size, and believes it. */
    void changed(Block after) {
        displace(live(after.id));
        check(after);
        blocks.set(position(after.id), after);
        place(after);
    }

    boolean touched(long zoneOffset) {
        return !occupancy.isOpen(zoneOffset, zones.getOrDefault(zoneOffset, 0L));
    }

    /** Checks what a strategy tells about itself, block by block. */
    void compare(AllocationStrategy strategy) {
        boolean[] seen = new boolean[blocks.size()];
        strategy.forEachBlock((id, offset, size) -> {
            Block known = live(id);
            if (known.offset != offset || known.size != size || seen[position(id)]) {
                throw new AssertionError(
                        "block %d was shown at %d with %d bytes%s, but lives as %s"
                                .formatted(
                                        id,
                                        offset,
                                        size,
                                        seen[position(id)] ? " a second time" : "",
                                        known));
            }
            seen[position(id)] = true;
        });
        for (int position = 0; position < seen.length; position++) {
            if (!seen[position]) {
                throw new AssertionError(blocks.get(position) + " lives and was not shown");
            }
        }
        for (Block block : blocks) {
            compare(strategy, block);
        }
        compareStats(strategy.stats());
    }

    /** Checks what a strategy tells about one block. */
    void compare(AllocationStrategy strategy, Block block) {
        long offset = strategy.offset(block.id);
        long size = strategy.size(block.id);
        if (offset != block.offset || size != block.size) {
            throw new AssertionError(
                    "%s is said to lie at %d with %d bytes".formatted(block, offset, size));
        }
    }

    void compareStats(FragmentationStats stats) {
        if (stats.freeBytes() != freeBytes()) {
            throw new AssertionError(
                    "%s, but %d bytes of zones less %d of live blocks are %d"
                            .formatted(stats, zoneBytes, usedBytes, freeBytes()));
        }
        if (stats.internalWasteBytes() != usedBytes - requestedBytes) {
            throw new AssertionError(
                    "%s, but live blocks have %d bytes where %d were asked for"
                            .formatted(stats, usedBytes, requestedBytes));
        }
        if ((stats.freeBlocks() == 0) != (stats.freeBytes() == 0)) {
            throw new AssertionError("free memory comes in pieces, and only it: " + stats);
        }
    }

    Block live(long id) {
        return blocks.get(position(id));
    }

    private int position(long id) {
        @Nullable Integer position = positions.get(id);
        if (position == null) {
            throw new AssertionError("no block lives under id " + id);
        }
        return position;
    }

    private void place(Block block) {
        occupancy.close(block.offset, block.size);
        usedBytes += block.size;
        requestedBytes += block.requested;
        highestOffset = Math.max(highestOffset, block.offset);
    }

    private void displace(Block block) {
        occupancy.open(block.offset, block.size);
        usedBytes -= block.size;
        requestedBytes -= block.requested;
    }

    private void check(Block block) {
        if (block.size < block.requested) {
            throw new AssertionError(block + " is smaller than requested");
        }
        if (block.size % geometry.granuleBytes() != 0
                || block.offset % geometry.granuleBytes() != 0
                || block.offset % block.align != 0) {
            throw new AssertionError(
                    "%s is off its alignment or the granule of %d bytes"
                            .formatted(block, geometry.granuleBytes()));
        }
        if (!occupancy.isOpen(block.offset, block.size)) {
            throw new AssertionError(block + " " + whyClosed(block));
        }
    }

    private String whyClosed(Block block) {
        for (Block other : blocks) {
            if (other.id != block.id
                    && other.offset < block.offset + block.size
                    && block.offset < other.offset + other.size) {
                return "overlaps " + other;
            }
        }
        return "leaves the zones " + zones;
    }
}
