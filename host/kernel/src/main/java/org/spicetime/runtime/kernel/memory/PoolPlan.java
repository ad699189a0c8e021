// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.kernel.guard.CallMeter;

/**
 * The plan of one pool: who holds which block where, how much that is, and which strategy decides.
 * Starts with the built-in first-fit. Blocks are known by ids of the host's own; they stay valid
 * over every change and ejection of a strategy.
 *
 * <p>Guarded by the caller.
 */
public final class PoolPlan {
    /** Result of {@link #allocate}: the quota of the pool does not allow it. */
    public static final long OVER_QUOTA = -4;

    /** Result of {@link #allocate}: the quota of the owner does not allow it. */
    public static final long OVER_OWN_QUOTA = -5;

    private long poolBytes;
    private final ZoneTable zones;
    private final OverlapGuard guard;
    private final StrategySeat seat;
    private final BlockTable blocks = new BlockTable();
    private final BlockMoves moves;
    private final BlockOwner nobody = new BlockOwner(0);
    private long capBytes;
    private long usedBytes;
    private long leakedBytes;
    private long unfilledBytes;

    /**
     * @param poolBytes size of the pool; a positive multiple of 1 MiB, at most 1 TiB
     * @throws IllegalArgumentException if the size is not as described
     */
    public PoolPlan(long poolBytes) {
        this(poolBytes, CallMeter.NONE);
    }

    /**
     * @param poolBytes size of the pool; a positive multiple of 1 MiB, at most 1 TiB
     * @param meter watches over the calls into strategies
     * @throws IllegalArgumentException if the size is not as described
     */
    public PoolPlan(long poolBytes, CallMeter meter) {
        checkSize(poolBytes);
        this.poolBytes = poolBytes;
        this.capBytes = Long.MAX_VALUE;
        this.zones = new ZoneTable(poolBytes);
        this.guard = new OverlapGuard(zones.end());
        this.seat = new StrategySeat(zones, guard, meter);
        this.moves = new BlockMoves(this, guard, seat, blocks);
        quarantine(nobody);
    }

    private static void checkSize(long poolBytes) {
        if (poolBytes <= 0 || poolBytes % (1L << 20) != 0 || poolBytes > maxPoolBytes()) {
            throw new IllegalArgumentException(
                    "pool must be a multiple of 1 MiB up to %d bytes, was %d"
                            .formatted(maxPoolBytes(), poolBytes));
        }
    }

    /** Largest pool a host can plan, bytes. */
    public static long maxPoolBytes() {
        return OverlapGuard.MAX_POOL_BYTES - (64L << 20);
    }

    /** Size of the pool without its reserve, bytes. */
    public long poolBytes() {
        return poolBytes;
    }

    /** Size of a pool of that size with its reserve. */
    public static long mappedBytes(long poolBytes) {
        return ZoneTable.end(poolBytes);
    }

    /**
     * Size of the pool with its reserve, and its tail while it shrinks: all blocks lie below this
     * offset.
     */
    public long mappedBytes() {
        return zones.end();
    }

    /** Size of a regular zone, bytes; also the largest alignment. */
    public long zoneBytes() {
        return zones.zoneBytes();
    }

    /** The zones, to read. */
    public ZoneTable zones() {
        return zones;
    }

    /** What is in a zone; takes time with its size, some microseconds per MiB. */
    public ZoneReport report(int zone) {
        return ZoneReport.of(zones, guard, seat, zone);
    }

    /** Shows everybody who holds a block, in no order. */
    public void forEachOwner(Consumer<BlockOwner> visitor) {
        blocks.forEachOwner(visitor);
    }

    /** Size in force: the smaller of the pool and its cap, bytes. */
    public long totalBytes() {
        return Math.min(poolBytes, capBytes);
    }

    /** Bytes of live blocks, rounding included. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Bytes kept for owners that do not hold them yet; a part of what is free. */
    public long reservedBytes() {
        return unfilledBytes;
    }

    /** Bytes an owner without a reservation could get, bytes. */
    public long availableBytes() {
        return Math.max(0, totalBytes() - usedBytes - unfilledBytes);
    }

    /** Bytes of blocks whose owner is quarantined; a part of used. */
    public long leakedBytes() {
        return leakedBytes;
    }

    /** Number of live blocks. */
    public long liveBlocks() {
        return blocks.count();
    }

    /** The strategy in charge. */
    public StrategyBinding binding() {
        return seat.binding();
    }

    /** Largest block that could be allocated now, as far as the strategy in charge tells, bytes. */
    public long largestFreeBytes() {
        return Math.min(seat.stats().largestFreeBytes(), totalBytes() - usedBytes);
    }

    /**
     * Limits the size in force; the plan itself does not change.
     *
     * @param bytes the cap; may exceed the pool
     * @throws RefusedException RESOURCE_EXHAUSTED if more than that is used
     */
    public void cap(long bytes) {
        if (bytes < usedBytes + unfilledBytes) {
            throw RefusedException.exhausted(
                            "the pool cannot be limited to %d bytes while %d are used and %d more kept for tasks"
                                    .formatted(bytes, usedBytes, unfilledBytes),
                            bytes,
                            poolBytes)
                    .with("used", usedBytes);
        }
        capBytes = bytes;
    }

    /**
     * Keeps bytes for an owner that holds nothing yet, until {@link #endReservation}; they are also
     * the most it may hold. Kept is room, not a place: a block can still fail as fragmented.
     *
     * @param owner who
     * @param bytes how much; positive
     * @return false: too little is available, and nothing changed
     */
    public boolean reserve(BlockOwner owner, long bytes) {
        if (bytes > availableBytes()) {
            return false;
        }
        owner.quotaBytes = bytes;
        owner.reserved = true;
        unfilledBytes += bytes;
        return true;
    }

    /** Keeps nothing more for an owner; what it holds it holds. Twice does nothing. */
    public void endReservation(BlockOwner owner) {
        unfilledBytes -= owner.unfilledBytes();
        owner.reserved = false;
    }

    /**
     * Puts a prepared strategy in charge, by zones while blocks live.
     *
     * @param newcomer the choice
     * @param strategy its instance, from {@link StrategyTrial#prepare}
     * @throws RefusedException if it cannot start; nothing changed then
     */
    public void install(StrategyBinding newcomer, AllocationStrategy strategy) {
        seat.install(newcomer, strategy);
    }

    /**
     * Gives the pool another size, with live blocks: the zones are cut anew, those without a block
     * go to the given strategy, the others as they become free. Blocks that lie beyond a smaller
     * size stay where they are, in a tail that nobody is given, until {@link #trim}. Takes time
     * linear in the number of live blocks.
     *
     * @param newBytes the size; a positive multiple of 1 MiB, at most {@link #maxPoolBytes}
     * @param newcomer the strategy, as a rule the one in charge
     * @param strategy an instance of it, from {@link StrategyTrial#prepare} for that size
     * @throws RefusedException RESOURCE_EXHAUSTED if more is used, or kept for tasks, or no zone is
     *     free to start with; CONFLICT if the strategy fails while it is given its zones; nothing
     *     changed then
     */
    public void resize(long newBytes, StrategyBinding newcomer, AllocationStrategy strategy) {
        resize(newBytes, newcomer, strategy, false);
    }

    /**
     * The same, to go back from a size that could not be reached: it is not refused for want of a
     * free zone.
     */
    public void restoreSize(long newBytes, StrategyBinding newcomer, AllocationStrategy strategy) {
        resize(newBytes, newcomer, strategy, true);
    }

    private void resize(
            long newBytes, StrategyBinding newcomer, AllocationStrategy strategy, boolean patient) {
        checkSize(newBytes);
        if (usedBytes + unfilledBytes > newBytes) {
            throw RefusedException.exhausted(
                            "the pool cannot have %d bytes while %d are used and %d more kept for tasks"
                                    .formatted(newBytes, usedBytes, unfilledBytes),
                            newBytes,
                            poolBytes)
                    .with("used", usedBytes);
        }
        ZoneTable layout = new ZoneTable(newBytes, blocks.lastEnd());
        blocks.forEachRow(row -> {
            layout.blockAdded(blocks.offset(row), blocks.size(row));
            if (blocks.owner(row).quarantined) {
                layout.stuckAdded(blocks.offset(row), blocks.size(row));
            }
        });
        guard.reach(Math.max(layout.end(), zones.end()));
        seat.install(newcomer, strategy, layout, patient);
        poolBytes = newBytes;
        trim();
    }

    /** Number of live blocks beyond the size of the pool and its reserve. */
    public long tailBlocks() {
        return zones.tailBlocks();
    }

    /**
     * Ends shrinking, if no block lies beyond the size and the reserve any more.
     *
     * @return whether there is no tail now
     */
    public boolean trim() {
        if (zones.tailed() && zones.tailBlocks() == 0) {
            zones.dropTail();
            guard.reach(zones.end());
            seat.settleReserve();
        }
        return !zones.tailed();
    }

    /**
     * Lets first-fit take over, as when the bundle of the strategy goes away. Does nothing if it is
     * in charge already.
     */
    public void fallBack(EjectionReason reason, String message) {
        if (!seat.builtIn()) {
            seat.eject(reason, message, Map.of());
        }
    }

    /** Ejections since the last call, oldest first. */
    public List<StrategyEjection> takeEjections() {
        return seat.takeEjections();
    }

    /**
     * Finds room for a block.
     *
     * @param owner who will hold it
     * @param size bytes; positive
     * @param align a power of two, at most {@link #zoneBytes}
     * @return id of the block; or the {@link AllocationFailure#result()} of the reason why there is
     *     none, or {@link #OVER_QUOTA} or {@link #OVER_OWN_QUOTA}
     */
    public long allocate(BlockOwner owner, long size, long align) {
        long granule = OverlapGuard.GRANULE_BYTES;
        long rounded = (size + granule - 1) & -granule;
        if (rounded < size || rounded > owner.quotaBytes - owner.bytes) {
            return rounded < size ? OVER_QUOTA : OVER_OWN_QUOTA;
        }
        if (rounded > room(owner) || blocks.count() == BlockTable.MOST_BLOCKS) {
            return OVER_QUOTA;
        }
        long aligned = Math.max(align, granule);
        long failure = seat.place(size, aligned, owner.hint());
        if (failure < 0) {
            return failure;
        }
        long offset = seat.placedOffset();
        long length = seat.placedSize();
        boolean overOwn = length > owner.quotaBytes - owner.bytes;
        if (overOwn || length > room(owner)) {
            seat.release(seat.placedId(), offset);
            return overOwn ? OVER_OWN_QUOTA : OVER_QUOTA;
        }
        guard.claim(offset, length);
        zones.blockAdded(offset, length);
        usedBytes += length;
        seat.active().usedBytes += length;
        long unfilled = owner.unfilledBytes();
        long block = blocks.add(offset, length, aligned, seat.placedId(), seat.active(), owner);
        unfilledBytes += owner.unfilledBytes() - unfilled;
        if (owner.quarantined) {
            leakedBytes += length;
            zones.stuckAdded(offset, length);
        }
        return block;
    }

    /** Bytes an owner could get as far as the others go: what is kept for it is not in its way. */
    private long room(BlockOwner owner) {
        return totalBytes() - usedBytes - unfilledBytes + owner.unfilledBytes();
    }

    /**
     * Where a block begins, bytes from the beginning of the pool.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public long offset(long block) {
        return blocks.offset(blocks.row(block));
    }

    /**
     * How large a block is, bytes, rounding included.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public long size(long block) {
        return blocks.size(blocks.row(block));
    }

    /**
     * Takes a block back.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public void release(long block) {
        releaseRow(blocks.row(block));
    }

    /**
     * Takes up to so many blocks of an owner back.
     *
     * @param owner whose
     * @param most at most so many, so that a caller with a lock can do it in steps
     * @return whether the owner still holds blocks
     */
    public boolean releaseSome(BlockOwner owner, int most) {
        for (int done = 0; done < most && owner.firstBlock != BlockOwner.NO_BLOCK; done++) {
            releaseRow(owner.firstBlock);
        }
        return owner.firstBlock != BlockOwner.NO_BLOCK;
    }

    /**
     * Keeps the blocks of an owner back until they are released, and counts them as leaked. Nothing
     * is placed in the zones they lie in any more; blocks of others there stay valid.
     */
    public void quarantine(BlockOwner owner) {
        endReservation(owner);
        if (!owner.quarantined) {
            owner.quarantined = true;
            leakedBytes += owner.bytes;
            blocks.forEachRowOf(
                    owner, row -> zones.stuckAdded(blocks.offset(row), blocks.size(row)));
        }
    }

    /** Whether a block of that id lives. */
    public boolean lives(long block) {
        return blocks.lives(block);
    }

    /**
     * Keeps one block back whose owner goes away, as {@link #quarantine} does with all blocks of
     * one: it is nobody's, and leaked, until it is released.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public void keepBack(long block) {
        handOver(block, nobody);
    }

    /**
     * Whether the strategy in charge shares zones with a task that cannot be stopped. It is not
     * given anything there; a new instance of it, put in charge, does not try to.
     */
    public boolean sharesQuarantinedZones() {
        return seat.sharesQuarantinedZones();
    }

    /** What moves blocks. */
    public BlockMoves moves() {
        return moves;
    }

    /** Moving a block to where the strategy rounds otherwise made it larger, or smaller. */
    void grown(long bytes) {
        usedBytes += bytes;
    }

    /**
     * Puts a block down to another owner, whatever its quota says.
     *
     * @throws IllegalArgumentException if no such block lives
     */
    public void handOver(long block, BlockOwner to) {
        int row = blocks.row(block);
        BlockOwner from = blocks.owner(row);
        long unfilled = from.unfilledBytes() + to.unfilledBytes();
        stuck(row, -1);
        blocks.handOver(row, to);
        stuck(row, 1);
        unfilledBytes += from.unfilledBytes() + to.unfilledBytes() - unfilled;
    }

    private void stuck(int row, int sign) {
        if (blocks.owner(row).quarantined) {
            leakedBytes += sign * blocks.size(row);
            if (sign > 0) {
                zones.stuckAdded(blocks.offset(row), blocks.size(row));
            } else {
                zones.stuckRemoved(blocks.offset(row), blocks.size(row));
            }
        }
    }

    /** How often another instance of a strategy was put in charge. */
    public int changes() {
        return seat.changes();
    }

    /** Compares the blocks the strategy shows with the plan's own; ejects it if they differ. */
    public void audit() {
        seat.audit(blocks);
    }

    /** Takes the reserve zone back from the strategy in charge, if that is due and possible. */
    public void settleReserve() {
        seat.settleReserve();
    }

    private void releaseRow(int row) {
        long offset = blocks.offset(row);
        long size = blocks.size(row);
        long strategyId = blocks.strategyId(row);
        Generation generation = blocks.generation(row);
        BlockOwner owner = blocks.owner(row);
        if (owner.quarantined) {
            leakedBytes -= size;
            zones.stuckRemoved(offset, size);
        }
        long unfilled = owner.unfilledBytes();
        blocks.remove(row);
        unfilledBytes += owner.unfilledBytes() - unfilled;
        guard.free(offset, size);
        zones.blockRemoved(offset, size);
        usedBytes -= size;
        generation.usedBytes -= size;
        if (!generation.retired()) {
            seat.release(strategyId, offset);
        }
        seat.settle(offset, size);
    }
}
