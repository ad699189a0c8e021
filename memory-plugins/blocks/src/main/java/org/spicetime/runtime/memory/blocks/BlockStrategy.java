// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import static org.spicetime.runtime.memory.blocks.BlockRows.UNIT_BYTES;

import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.Geometry;

/**
 * A strategy that keeps its live blocks in {@link BlockRows} and its zones in {@link Zones}: what
 * is asked of them is the same whatever the way free memory is kept.
 *
 * <p>Called by one thread at a time.
 */
public abstract class BlockStrategy implements AllocationStrategy {
    /** Sizes of the pool. */
    protected final Geometry geometry;

    /** The zones it has. */
    protected final Zones zones;

    /** The live blocks. */
    protected final BlockRows blocks = new BlockRows();

    /**
     * Without zones.
     *
     * @param name of the strategy, for messages
     * @param geometry sizes of the pool
     * @param step zones begin and end at multiples of so many bytes
     */
    protected BlockStrategy(String name, Geometry geometry, long step) {
        Zones.check(name, geometry);
        this.geometry = geometry;
        zones = new Zones(geometry.poolBytes(), step);
    }

    /**
     * Takes a zone out of the free memory.
     *
     * @param zone its position in {@link #zones}
     * @return false: not all of it is free; nothing changed then
     */
    protected abstract boolean take(int zone);

    @Override
    public final boolean dropZone(long offset) {
        int zone = zones.find(offset);
        if (!take(zone)) {
            return false;
        }
        zones.remove(zone);
        return true;
    }

    @Override
    public final long offset(long id) {
        return blocks.offset(blocks.row(id)) * UNIT_BYTES;
    }

    @Override
    public final long size(long id) {
        return blocks.size(blocks.row(id)) * UNIT_BYTES;
    }

    @Override
    public final void forEachBlock(BlockVisitor visitor) {
        blocks.forEach(visitor);
    }

    /** Units of 16 bytes that no block has. */
    protected final long freeUnits() {
        return zones.bytes() / UNIT_BYTES - blocks.usedUnits();
    }
}
