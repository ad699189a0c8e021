// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.MoveSink;

/*
 * The first proposal that is wrong is remembered, and every call from then on throws: the strategy may
 * catch that, but nothing moves any more and it is ejected when it returns. One that does not return is
 * the business of whoever meters the call.
 */
/**
 * Takes the moves one strategy proposes in one step and checks each before it is carried out.
 * Guarded by the caller; used once.
 */
final class GuardedMoves implements MoveSink {
    /** A plan may be refused this often beyond all live blocks, twice. */
    private static final long SPARE_PROPOSALS = 1024;

    private final ZoneTable zones;
    private final OverlapGuard guard;
    private final BlockTable blocks;
    private final Generation active;
    private final BlockMover mover;
    private final long byteBudget;
    private final long mostProposals;
    private int[] movedRows = new int[16];
    private int moved;
    private long movedBytes;
    private long proposed;
    private boolean ended;
    private @Nullable String fault;
    private @Nullable RuntimeException failure;
    private final Map<String, Object> facts = new LinkedHashMap<>();

    GuardedMoves(
            ZoneTable zones,
            OverlapGuard guard,
            BlockTable blocks,
            Generation active,
            BlockMover mover,
            long byteBudget) {
        this.zones = zones;
        this.guard = guard;
        this.blocks = blocks;
        this.active = active;
        this.mover = mover;
        this.byteBudget = byteBudget;
        mostProposals = 2 * blocks.count() + SPARE_PROPOSALS;
    }

    /** From now on nothing is moved, whoever kept this. */
    void end() {
        ended = true;
    }

    /** What is wrong with the plan; null: nothing. */
    @Nullable String fault() {
        return fault;
    }

    /** What went wrong on the side of the host; null: nothing. */
    @Nullable RuntimeException failure() {
        return failure;
    }

    /** The proposal at fault. */
    Map<String, Object> facts() {
        facts.put("moves", proposed);
        return facts;
    }

    long proposed() {
        return proposed;
    }

    long movedBytes() {
        return movedBytes;
    }

    @Override
    public boolean over() {
        return ended || movedBytes >= byteBudget || mover.over();
    }

    @Override
    public boolean move(long id, long from, long to) {
        if (ended || fault != null || failure != null) {
            throw new IllegalStateException("this plan of moves has ended");
        }
        if (++proposed > mostProposals) {
            throw wrong(
                    "planMoves proposed %d moves where %d blocks live"
                            .formatted(proposed, blocks.count()),
                    id,
                    from,
                    to);
        }
        if (from < 0
                || from >= zones.end()
                || from % OverlapGuard.GRANULE_BYTES != 0
                || guard.isFree(from, OverlapGuard.GRANULE_BYTES)) {
            throw wrong(
                    "planMoves moved block %d from %d, where none lives".formatted(id, from),
                    id,
                    from,
                    to);
        }
        int row = blocks.movableAt(from);
        if (row == OffsetIndex.NONE) {
            return false;
        }
        if (blocks.strategyId(row) != id || blocks.generation(row) != active) {
            throw wrong(
                    "planMoves moved block %d from %d, where another lives".formatted(id, from),
                    id,
                    from,
                    to);
        }
        if (over() || to == from || zones.quarantined(from, blocks.size(row))) {
            return false;
        }
        return carryOut(row, from, to);
    }

    private boolean carryOut(int row, long from, long to) {
        long size = blocks.size(row);
        long id = blocks.strategyId(row);
        @Nullable String wrong = wrongPlace(row, from, to, size);
        if (wrong != null) {
            throw wrong(wrong, id, from, to);
        }
        if (zones.quarantined(to, size)) {
            return false;
        }
        try {
            if (!mover.move(blocks.id(row), from, to, size)) {
                return false;
            }
        } catch (RuntimeException hostFailed) {
            failure = hostFailed;
            throw hostFailed;
        }
        guard.free(from, size);
        guard.claim(to, size);
        zones.blockRemoved(from, size);
        zones.blockAdded(to, size);
        blocks.moved(row, to, size, id, active);
        movedBytes += size;
        if (moved == movedRows.length) {
            movedRows = Arrays.copyOf(movedRows, moved * 2);
        }
        movedRows[moved++] = row;
        return true;
    }

    /** What is wrong with the new place of a block; null: nothing. */
    private @Nullable String wrongPlace(int row, long from, long to, long size) {
        if (to < 0 || to > zones.end() - size) {
            return "planMoves moved a block of %d bytes to %d, out of the pool".formatted(size, to);
        }
        if (to % blocks.align(row) != 0) {
            return "planMoves moved a block to %d, which is not aligned to %d bytes"
                    .formatted(to, blocks.align(row));
        }
        if (!zones.within(to, size, active)) {
            return "planMoves moved a block of %d bytes to %d, out of the strategy's zones"
                    .formatted(size, to);
        }
        guard.free(from, size);
        boolean free = guard.isFree(to, size);
        guard.claim(from, size);
        return free
                ? null
                : "planMoves moved a block of %d bytes to %d, over a live block"
                        .formatted(size, to);
    }

    /** Asks the strategy where the blocks lie that it moved. */
    void compare(AllocationStrategy strategy) {
        for (int i = 0; i < moved && fault == null; i++) {
            long id = blocks.strategyId(movedRows[i]);
            long offset = blocks.offset(movedRows[i]);
            long told = strategy.offset(id);
            if (told != offset) {
                fault =
                        "block %d was moved to %d as planned, but lies at %d for the strategy"
                                .formatted(id, offset, told);
                facts.put("block", id);
            }
        }
    }

    private IllegalArgumentException wrong(String message, long id, long from, long to) {
        fault = message;
        facts.put("block", id);
        facts.put("from", from);
        facts.put("to", to);
        return new IllegalArgumentException(message);
    }
}
