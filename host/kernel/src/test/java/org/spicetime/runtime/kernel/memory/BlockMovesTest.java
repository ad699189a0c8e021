// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;

/** Compaction and migration with contents that are looked at. */
final class BlockMovesTest {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    private final StampedPool pool = new StampedPool(4 * MIB);
    private final PoolPlan plan = pool.plan;
    private final BlockOwner owner = new BlockOwner(1);

    @Test
    void aCheckerboardYieldsToCompactionInSteps() {
        List<Long> kept = checkerboard();
        assertThat(plan.allocate(owner, 2 * KIB, 16))
                .isEqualTo(AllocationFailure.FRAGMENTED.result());
        pool.movesPerStep = 100;
        int steps = 1;
        while (pool.compactStep(64 * KIB)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(kept.size() / 100);
        pool.assertContents();
        assertThat(plan.moves().movedBytes()).isEqualTo((kept.size() - 1) * KIB);
        assertThat(plan.largestFreeBytes()).isEqualTo(2 * MIB);
        assertThat(pool.movable(owner, 2 * MIB, 16)).isNotNegative();
        pool.assertContents();
        assertThat(plan.takeEjections()).isEmpty();
        plan.audit();
        assertThat(plan.binding().name()).isEqualTo("FIRST_FIT");
    }

    @Test
    void pinnedBlocksAndBlocksThatMayNotMoveAreBarriers() {
        List<Long> kept = checkerboard();
        long pinned = kept.get(kept.size() / 2);
        pool.pinned.add(pinned);
        long fixed = pool.fixed(owner, 512, 16);
        long pinnedAt = plan.offset(pinned);
        long fixedAt = plan.offset(fixed);
        compact();
        assertThat(plan.offset(pinned)).isEqualTo(pinnedAt);
        assertThat(plan.offset(fixed)).isEqualTo(fixedAt);
        assertThat(plan.largestFreeBytes()).isBetween(MIB - KIB, MIB + KIB);
        pool.assertContents();

        pool.pinned.clear();
        compact();
        assertThat(plan.largestFreeBytes()).isEqualTo(2 * MIB - 512);
        pool.assertContents();
    }

    @Test
    void alignmentsSurviveMoves() {
        List<Long> blocks = new ArrayList<>();
        List<Long> holes = new ArrayList<>();
        for (int log = 4; log <= 16; log++) {
            holes.add(pool.movable(owner, 48, 16));
            blocks.add(pool.movable(owner, 100, 1L << log));
        }
        holes.forEach(pool::release);
        compact();
        for (int i = 0; i < blocks.size(); i++) {
            assertThat(plan.offset(blocks.get(i)) % (1L << (i + 4))).isZero();
        }
        assertThat(pool.moves).isPositive();
        pool.assertContents();
    }

    @Test
    void blocksInQuarantineStayWhereTheyAre() {
        BlockOwner stuck = new BlockOwner(2);
        long hole = pool.movable(owner, KIB, 16);
        long block = pool.movable(stuck, KIB, 16);
        pool.release(hole);
        plan.quarantine(stuck);
        compact();
        assertThat(plan.offset(block)).isEqualTo(KIB);
    }

    @Test
    void migrationEmptiesTheZonesOfAFormerStrategyExceptForWhatMayNotMove() {
        List<Long> kept = checkerboard();
        long pinned = kept.getLast();
        pool.pinned.add(pinned);
        for (int i = 0; i < kept.size() / 2; i++) {
            pool.release(kept.get(i));
        }
        StrategyBinding binding = Hostile.binding(Hostile::new);
        plan.install(binding, StrategyTrial.prepare(binding, plan));
        assertThat(plan.zones().drainingCount()).isEqualTo(2);
        pool.movesPerStep = 50;
        int steps = 1;
        while (pool.migrateStep(MIB)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(10);
        assertThat(plan.zones().drainingCount()).isEqualTo(1);
        pool.assertContents();

        pool.pinned.clear();
        while (pool.migrateStep(MIB)) {
            assertThat(plan.takeEjections()).isEmpty();
        }
        assertThat(plan.zones().drainingCount()).isZero();
        pool.assertContents();
        plan.audit();
        assertThat(plan.takeEjections()).isEmpty();
        assertThat(plan.binding()).isEqualTo(binding);
        compact();
        plan.settleReserve();
        assertThat(plan.largestFreeBytes()).isEqualTo(4 * MIB - plan.usedBytes());
        pool.assertContents();
    }

    @Test
    void randomOperationsAgreeWithTheModelWhileStrategiesChange() {
        long seed = Seeds.next();
        System.out.println("test.seed=" + seed);
        Random random = new Random(seed);
        List<Long> blocks = new ArrayList<>();
        StrategyBinding other = Hostile.binding(Hostile::new);
        for (int i = 0; i < 20_000; i++) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                long size = 1L + random.nextInt(1 << random.nextInt(1, 15));
                long align = 1L << random.nextInt(4, 13);
                long block =
                        random.nextInt(8) == 0
                                ? pool.fixed(owner, size, align)
                                : pool.movable(owner, size, align);
                if (block >= 0) {
                    blocks.add(block);
                }
            } else if (choice < 85) {
                if (!blocks.isEmpty()) {
                    pool.release(blocks.remove(random.nextInt(blocks.size())));
                }
            } else if (choice < 93) {
                pool.movesPerStep = random.nextInt(64);
                pool.compactStep(1 + random.nextInt(1 << 16));
            } else if (choice < 96) {
                pool.movesPerStep = random.nextInt(64);
                pool.migrateStep(1 + random.nextInt(1 << 16));
            } else if (choice < 99) {
                if (!blocks.isEmpty()) {
                    long block = blocks.get(random.nextInt(blocks.size()));
                    if (!pool.pinned.remove(block)) {
                        pool.pinned.add(block);
                    }
                }
            } else if (plan.zones().drainingCount() == 0) {
                StrategyBinding next =
                        plan.binding().equals(other) ? StrategyBinding.firstFit() : other;
                plan.install(next, StrategyTrial.prepare(next, plan));
            }
            if (i % 500 == 0) {
                pool.assertContents();
                plan.audit();
            }
        }
        pool.assertContents();
        assertThat(plan.takeEjections()).isEmpty();
        assertThat(pool.moves).isGreaterThan(1_000);
        blocks.forEach(pool::release);
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.moves().movableBlocks()).isZero();
    }

    private void compact() {
        pool.movesPerStep = Long.MAX_VALUE;
        while (pool.compactStep(MIB)) {
            assertThat(plan.takeEjections()).isEmpty();
        }
    }

    /** Fills the pool with blocks of 1 KiB and releases every other. */
    private List<Long> checkerboard() {
        List<Long> all = new ArrayList<>();
        for (long block; (block = pool.movable(owner, KIB, 16)) >= 0; ) {
            all.add(block);
        }
        assertThat(all).hasSize((int) (4 * MIB / KIB));
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i % 2 == 0) {
                kept.add(all.get(i));
            } else {
                pool.release(all.get(i));
            }
        }
        return kept;
    }
}
