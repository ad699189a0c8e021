// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.memory.AllocationStrategy;

/*
 * The book changes only after the mover has copied, block by block, so that a step may end anywhere.
 */
/**
 * Moves blocks that may be moved, in steps. Two kinds of step: compaction lets the strategy in
 * charge propose moves within its own zones; migration places blocks of former strategies anew, so
 * that their zones become free. Blocks of tasks that cannot be stopped stay, and so does what
 * shares a zone with them.
 *
 * <p>Guarded by the caller, as the {@link PoolPlan} it is part of.
 */
public final class BlockMoves {
    /** Rows one migration step looks at, so that a step over blocks that stay is short too. */
    private static final int ROWS_PER_STEP = 4096;

    private final PoolPlan plan;
    private final ZoneTable zones;
    private final OverlapGuard guard;
    private final StrategySeat seat;
    private final BlockTable blocks;
    private int cursor;
    private boolean movedInPass;
    private long movedBytes;

    BlockMoves(PoolPlan plan, OverlapGuard guard, StrategySeat seat, BlockTable blocks) {
        this.plan = plan;
        this.zones = plan.zones();
        this.guard = guard;
        this.seat = seat;
        this.blocks = blocks;
    }

    /**
     * Lets a block be moved from now on. Twice does nothing.
     *
     * @param block its id
     * @throws IllegalArgumentException if no such block lives
     */
    public void letMove(long block) {
        blocks.letMove(blocks.row(block));
    }

    /** Number of live blocks that may be moved. */
    public long movableBlocks() {
        return blocks.movableCount();
    }

    /** Bytes moved by all steps so far. */
    public long movedBytes() {
        return movedBytes;
    }

    /** Whether the strategy in charge plans moves at all. */
    public boolean planned() {
        return seat.binding().descriptor().movable();
    }

    /**
     * Lets the strategy in charge join free memory by moving blocks, for one step. A strategy that
     * proposes a move that cannot be is ejected; what was moved before stays moved.
     *
     * @param mover copies, and tells when the step is over
     * @param byteBudget bytes after which the step ends; positive
     * @return whether a further step would achieve more
     */
    public boolean compactStep(BlockMover mover, long byteBudget) {
        if (!planned()) {
            return false;
        }
        AllocationStrategy strategy = seat.active().strategy();
        GuardedMoves moves =
                new GuardedMoves(zones, guard, blocks, seat.active(), mover, byteBudget);
        boolean more = false;
        try {
            more = strategy.planMoves(moves, byteBudget);
            moves.end();
            moves.compare(strategy);
        } catch (Throwable thrown) {
            moves.end();
            if (moves.fault() == null && moves.failure() == null) {
                seat.ejectFor("planMoves", thrown, Map.of("moves", moves.proposed()));
            }
        }
        movedBytes += moves.movedBytes();
        @Nullable String fault = moves.fault();
        if (fault != null) {
            seat.eject(EjectionReason.INVALID_RESULT, fault, moves.facts());
            more = false;
        }
        @Nullable RuntimeException failure = moves.failure();
        if (failure != null) {
            throw failure;
        }
        seat.settleReserve();
        return more;
    }

    /**
     * Moves blocks out of the zones of strategies that are no longer in charge, for one step.
     *
     * @param mover copies, and tells when the step is over
     * @param byteBudget bytes after which the step ends; positive
     * @return whether a further step might achieve more
     */
    public boolean migrateStep(BlockMover mover, long byteBudget) {
        long moved = 0;
        for (int looked = 0; looked < ROWS_PER_STEP; looked++) {
            if (zones.drainingCount() == 0 || cursor >= blocks.rows()) {
                boolean again = movedInPass && zones.drainingCount() > 0;
                cursor = 0;
                movedInPass = false;
                movedBytes += moved;
                return again;
            }
            if (moved >= byteBudget || mover.over()) {
                break;
            }
            int row = cursor++;
            if (blocks.live(row) && blocks.movable(row) && blocks.generation(row).retired()) {
                long size = blocks.size(row);
                if (replace(row, mover)) {
                    moved += size;
                    movedInPass = true;
                }
            }
        }
        movedBytes += moved;
        return true;
    }

    private boolean replace(int row, BlockMover mover) {
        long from = blocks.offset(row);
        long size = blocks.size(row);
        BlockOwner owner = blocks.owner(row);
        if (owner.quarantined
                || zones.quarantined(from, size)
                || seat.place(size, blocks.align(row), owner.hint()) != 0) {
            return false;
        }
        long to = seat.placedOffset();
        long length = seat.placedSize();
        long id = seat.placedId();
        Generation placedBy = seat.active();
        long grown = length - size;
        boolean fits = grown <= plan.availableBytes() && grown <= owner.quotaBytes - owner.bytes;
        if (!fits || !mover.move(blocks.id(row), from, to, size)) {
            seat.release(id, to);
            return false;
        }
        guard.free(from, size);
        guard.claim(to, length);
        zones.blockRemoved(from, size);
        zones.blockAdded(to, length);
        blocks.generation(row).usedBytes -= size;
        placedBy.usedBytes += length;
        blocks.moved(row, to, length, id, placedBy);
        plan.grown(grown);
        seat.settle(from, size);
        return true;
    }
}
