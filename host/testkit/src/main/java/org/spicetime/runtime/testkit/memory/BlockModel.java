// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * The naive truth about a strategy: zones and live blocks in maps, each answer checked against them
 * before it is believed. Called by one thread at a time.
 */
final class BlockModel {
    /** A live block. */
    record Block(long id, long offset, long size, long requested, long align) {}

    private final Geometry geometry;
    private final TreeMap<Long, Long> zones = new TreeMap<>();
    private final TreeMap<Long, Block> byOffset = new TreeMap<>();
    private final Map<Long, Block> byId = new HashMap<>();
    private final List<Long> ids = new ArrayList<>();
    private final Map<Long, Integer> positions = new HashMap<>();

    BlockModel(Geometry geometry) {
        this.geometry = geometry;
    }

    void zoneAdded(long offset, long length) {
        zones.put(offset, length);
    }

    void zoneDropped(long offset) {
        zones.remove(offset);
    }

    Map<Long, Long> zones() {
        return zones;
    }

    int count() {
        return ids.size();
    }

    Block block(int position) {
        return live(ids.get(position));
    }

    long usedBytes() {
        return byId.values().stream().mapToLong(Block::size).sum();
    }

    long zoneBytes() {
        return zones.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Checks a new block and believes it. */
    void allocated(Block block) {
        assertThat(byId)
                .as("id of a new block is not that of a live one")
                .doesNotContainKey(block.id);
        check(block);
        byId.put(block.id, block);
        byOffset.put(block.offset, block);
        positions.put(block.id, ids.size());
        ids.add(block.id);
    }

    void released(long id) {
        Block block = live(id);
        byId.remove(id);
        byOffset.remove(block.offset);
        Integer position = positions.remove(id);
        long last = ids.removeLast();
        if (position != null && last != id) {
            ids.set(position, last);
            positions.put(last, position);
        }
    }

    /** Checks a block that took another place or size, and believes it. */
    void changed(Block after) {
        Block before = live(after.id);
        byOffset.remove(before.offset);
        check(after);
        byId.put(after.id, after);
        byOffset.put(after.offset, after);
    }

    boolean touched(long zoneOffset) {
        long end = zoneOffset + zones.getOrDefault(zoneOffset, 0L);
        Map.Entry<Long, Block> below = byOffset.lowerEntry(end);
        return below != null && below.getValue().offset + below.getValue().size > zoneOffset;
    }

    /** Checks what a strategy tells about itself. */
    void compare(AllocationStrategy strategy) {
        Map<Long, Block> unseen = new HashMap<>(byId);
        strategy.forEachBlock((id, offset, size) -> {
            Block known = unseen.remove(id);
            assertThat(known).as("shown block %d lives and is shown once", id).isNotNull();
            if (known != null) {
                assertThat(offset).as("offset of block %d", id).isEqualTo(known.offset);
                assertThat(size).as("size of block %d", id).isEqualTo(known.size);
            }
        });
        assertThat(unseen).as("live blocks that were not shown").isEmpty();
        compareStats(strategy.stats());
    }

    void compareStats(FragmentationStats stats) {
        assertThat(stats.freeBytes())
                .as("free = zones - used")
                .isEqualTo(zoneBytes() - usedBytes());
        assertThat(stats.internalWasteBytes())
                .as("bytes inside live blocks beyond what was asked for")
                .isEqualTo(byId.values().stream().mapToLong(b -> b.size - b.requested).sum());
        assertThat(stats.freeBlocks() == 0)
                .as("pieces of free memory, if there is any")
                .isEqualTo(stats.freeBytes() == 0);
    }

    private void check(Block block) {
        assertThat(block.size).as("size of %s", block).isGreaterThanOrEqualTo(block.requested);
        assertThat(block.size % geometry.granuleBytes()).as("granules of %s", block).isZero();
        assertThat(block.offset % block.align).as("alignment of %s", block).isZero();
        assertThat(block.offset % geometry.granuleBytes()).as("granule of %s", block).isZero();
        assertThat(inZones(block)).as("%s lies in zones of the strategy", block).isTrue();
        Map.Entry<Long, Block> below = byOffset.lowerEntry(block.offset + block.size);
        if (below != null) {
            assertThat(below.getValue().offset + below.getValue().size)
                    .as("%s does not overlap %s", block, below.getValue())
                    .isLessThanOrEqualTo(block.offset);
        }
    }

    private boolean inZones(Block block) {
        long covered = block.offset;
        while (covered < block.offset + block.size) {
            Map.Entry<Long, Long> zone = zones.floorEntry(covered);
            if (zone == null || zone.getKey() + zone.getValue() <= covered) {
                return false;
            }
            covered = zone.getKey() + zone.getValue();
        }
        return true;
    }

    private Block live(long id) {
        Block block = byId.get(id);
        if (block == null) {
            throw new AssertionError("no block lives under id " + id);
        }
        return block;
    }
}
