// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.memory.BlockModel.Block;

/**
 * What planned moves have to keep: a block is moved from where it lies to a place that is free and
 * aligned, its id stays, a step stops at its budget, what is pinned stays, and it all comes to an
 * end.
 */
abstract class MoveChecks extends StrategyUnderTest {
    private static final int ROUNDS = 40;
    private static final int MOST_STEPS = 100_000;
    private static final long FIELD = 1024;

    @Test
    void movesLeaveLiveBlocksAloneAndKeepIds() {
        trace.addAllZones();
        for (int round = 0; round < ROUNDS * LONGER; round++) {
            run(300);
            releaseSome(0.5);
            telling(() -> {
                for (int step = 0; step < 8; step++) {
                    long budget = 1 + random.nextLong(geometry().zoneBytes() / 4);
                    boolean more = trace.planMoves(budget, 0.2, random);
                    assertThat(more && !movable())
                            .as("a strategy that is not movable wants another step")
                            .isFalse();
                    trace.step(random);
                }
            });
        }
        telling(() -> {
            trace.releaseAll(random);
            trace.model().compare(strategy);
        });
    }

    @Test
    void pinnedBlocksStayAndPlanningEnds() {
        trace.addAllZones();
        run(2_000);
        releaseSome(0.5);
        List<Block> before = new ArrayList<>();
        for (int i = 0; i < trace.model().count(); i++) {
            before.add(trace.model().block(i));
        }
        for (int step = 0; step < 100; step++) {
            trace.planMoves(geometry().zoneBytes(), 1, random);
        }
        before.forEach(block -> trace.model().compare(strategy, block));
        trace.model().compare(strategy);
    }

    @Test
    void compactionJoinsWhatACheckerboardKeepsApart() {
        assumeTrue(movable(), "this strategy leaves blocks where they are");
        layOutACheckerboard();
        telling(() -> {
            int steps = 0;
            while (trace.planMoves(64 << 10, 0.0, random)) {
                assertThat(++steps).as("steps of planning").isLessThan(MOST_STEPS);
            }
        });
        requireJoined();
    }

    @Test
    void aStepStopsWhenItsTimeIsOverAndTheNextGoesOn() {
        assumeTrue(movable(), "this strategy leaves blocks where they are");
        layOutACheckerboard();
        telling(() -> {
            int steps = 0;
            while (trace.planMovesFor(40, geometry().poolBytes(), random)) {
                assertThat(++steps).as("steps of 40 moves").isLessThan(MOST_STEPS);
            }
        });
        requireJoined();
    }

    /** Fills the pool with blocks of one field and releases every other one. */
    private void layOutACheckerboard() {
        trace.addAllZones();
        while (trace.allocate(FIELD, granule(), 0).isPresent()) {
            // fills the pool
        }
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < trace.model().count(); i++) {
            blocks.add(trace.model().block(i));
        }
        blocks.sort(Comparator.comparingLong(Block::offset));
        for (int i = 0; i < blocks.size(); i += 2) {
            trace.release(blocks.get(i).id());
        }
        assertThat(trace.allocate(2 * FIELD, granule(), 0)).as("before any move").isEmpty();
    }

    private void requireJoined() {
        Optional<Long> joined = trace.allocate(2 * FIELD, granule(), 0);
        assertThat(joined).as("a block of two fields").isPresent();
        trace.release(joined.orElseThrow());
        assertThat(strategy.stats().largestFreeBytes())
                .as("largest free block of %d free bytes", trace.model().freeBytes())
                .isGreaterThan(trace.model().freeBytes() / 2);
        telling(() -> trace.model().compare(strategy));
    }

    /** Releases that share of the live blocks, by chance. */
    private void releaseSome(double share) {
        for (int i = trace.model().count() - 1; i >= 0; i--) {
            if (random.nextDouble() < share) {
                trace.release(trace.model().block(i).id());
            }
        }
    }
}
