// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.core.memory.handle.Movables;

/** When a pool is collected and how long its steps are, on a clock of the test's own. */
final class PoolCollectorTest {
    private static final long GOAL = 500_000;
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(1_000);
    private final Scripted pool = new Scripted();
    private final PoolCollector collector = new PoolCollector(pool, new Movables(), now::get);

    @Test
    void underNoneNothingHappensByItself() {
        pool.occupancy = 1;
        now.addAndGet(3600 * SECOND);
        assertThat(collector.look(() -> false)).isEqualTo(Long.MAX_VALUE);
        assertThat(pool.log).isEmpty();
    }

    @Test
    void aRequestIsAnsweredAtTheNextLookAndOnce() {
        collector.request();
        collector.look(() -> false);
        collector.look(() -> false);
        assertThat(pool.log).containsExactly("reclaim", "collected");
    }

    @Test
    void theThresholdStartsACollectionAndASecondOneNotBeforeASecondLater() {
        collector.configure(config(GcStrategy.REFERENCE_COUNTING, 0, true));
        now.addAndGet(SECOND);
        pool.occupancy = 0.79;
        collector.look(() -> false);
        assertThat(pool.log).doesNotContain("reclaim");
        pool.occupancy = 0.8;
        collector.look(() -> false);
        collector.look(() -> false);
        assertThat(pool.log).containsOnlyOnce("reclaim");
        now.addAndGet(SECOND);
        collector.look(() -> false);
        assertThat(pool.log.stream().filter("reclaim"::equals)).hasSize(2);
        assertThat(pool.log).as("moves").doesNotContain("MIGRATE", "COMPACT");
    }

    @Test
    void theIntervalStartsCollectionsWhateverTheOccupancy() {
        collector.configure(config(GcStrategy.INCREMENTAL, 250, false));
        for (int look = 0; look < 8; look++) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(125));
            assertThat(collector.look(() -> false)).isLessThanOrEqualTo(250_000_000);
        }
        assertThat(pool.log.stream().filter("reclaim"::equals)).hasSize(4);
        assertThat(pool.log).as("moves").doesNotContain("MIGRATE", "COMPACT");
    }

    @Test
    void incrementalCollectionsCompactOnlyWhatLiesInPieces() {
        collector.configure(config(GcStrategy.INCREMENTAL, 10, true));
        pool.largestFree = pool.available;
        now.addAndGet(SECOND);
        collector.look(() -> false);
        assertThat(pool.log).doesNotContain("MIGRATE", "COMPACT");
        pool.largestFree = pool.available / 2;
        pool.stepsLeft = 3;
        now.addAndGet(SECOND);
        collector.look(() -> false);
        assertThat(pool.log).containsSubsequence("MIGRATE", "COMPACT", "COMPACT", "COMPACT");
    }

    @Test
    void aHostThatStopsEndsACollectionAfterItsStep() {
        collector.configure(config(GcStrategy.INCREMENTAL, 10, true));
        pool.stepsLeft = Long.MAX_VALUE;
        now.addAndGet(SECOND);
        collector.look(() -> pool.log.stream().filter("COMPACT"::equals).count() >= 2);
        assertThat(pool.log.stream().filter("COMPACT"::equals)).hasSize(2);
    }

    @Test
    void aStrategyThatPromisesMoreAndMovesNothingIsLeftAlone() {
        pool.stepsLeft = Long.MAX_VALUE;
        CollectionReport report = collector.collect(true);
        assertThat(report.movedBytes()).isZero();
        assertThat(pool.log.size()).isLessThan(100);
    }

    @Test
    void theLongestPauseIsThatOfTheLongestStepAndNotOfTheWhole() {
        pool.stepsLeft = 10;
        CollectionReport report = collector.collect(true);
        assertThat(report.longestPause()).isEqualTo(Duration.ofNanos(GOAL + 7));
        assertThat(report.duration()).isEqualTo(Duration.ofNanos(12 * (GOAL + 7)));
    }

    @Test
    void compactionForARequestStopsWhenThePieceIsLargeEnough() {
        pool.stepsLeft = 100;
        pool.freedPerStep = 100;
        pool.largestFree = 0;
        assertThat(collector.compactFor(250)).isTrue();
        assertThat(pool.log.stream().filter("COMPACT"::equals)).hasSize(3);
        pool.stepsLeft = 1;
        pool.freedPerStep = 0;
        assertThat(collector.compactFor(1_000)).isFalse();
    }

    @Test
    void aZoneGoesBackWhenItHasBeenFreeForTheDecayTime() {
        collector.configure(config(GcStrategy.REFERENCE_COUNTING, 0, false));
        pool.zones = 2;
        pool.free[1] = true;
        now.addAndGet(SECOND);
        collector.look(() -> false);
        pool.free[1] = false;
        now.addAndGet(PoolCollector.DECAY.toNanos());
        collector.look(() -> false);
        pool.free[1] = true;
        now.addAndGet(SECOND);
        collector.look(() -> false);
        now.addAndGet(PoolCollector.DECAY.toNanos() - 1);
        collector.look(() -> false);
        assertThat(pool.log).doesNotContain("discard 1");
        now.addAndGet(SECOND);
        collector.look(() -> false);
        assertThat(pool.log).containsOnlyOnce("discard 1").doesNotContain("discard 0");
    }

    @Test
    void theThreadCollectsPoolsAndEndsWithTheHost() throws Exception {
        Collector host = new Collector();
        try {
            host.add(collector);
            collector.request();
            host.wake();
            assertThat(pool.reclaimed.await(1, TimeUnit.MINUTES)).isTrue();
            collector.end();
            host.wake();
        } finally {
            host.close();
        }
        assertThat(host.ended()).isTrue();
    }

    @Test
    void aPoolThatFailsDoesNotEndTheThread() throws Exception {
        Scripted broken = new Scripted();
        broken.fails = true;
        PoolCollector bad = new PoolCollector(broken, new Movables(), now::get);
        try (Collector host = new Collector()) {
            bad.request();
            host.add(bad);
            assertThat(broken.reclaimed.await(1, TimeUnit.MINUTES)).isTrue();
            collector.request();
            host.add(collector);
            assertThat(pool.reclaimed.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static GcConfig config(GcStrategy strategy, long intervalMillis, boolean compaction) {
        return new GcConfig(
                strategy,
                0.8,
                Duration.ofNanos(GOAL),
                Duration.ofMillis(intervalMillis),
                compaction,
                LeakAction.RECLAIM);
    }

    /** Writes down what is done to it. */
    private final class Scripted implements CollectedPool {
        final List<String> log = new ArrayList<>();
        final CountDownLatch reclaimed = new CountDownLatch(1);
        final boolean[] free = new boolean[2];
        double occupancy;
        long available = 1_000;
        long largestFree = 500;
        long freedPerStep;
        long stepsLeft;
        int zones;
        boolean fails;

        @Override
        public long reclaimAbandoned() {
            log.add("reclaim");
            reclaimed.countDown();
            if (fails) {
                throw new IllegalStateException("as told");
            }
            return 0;
        }

        @Override
        public boolean moveStep(Motion motion, CopyingMover mover, StepTimer timer) {
            log.add(motion.name());
            timer.begin();
            now.addAndGet(GOAL + 7);
            timer.end();
            if (motion == Motion.MIGRATE) {
                return false;
            }
            largestFree += freedPerStep;
            return --stepsLeft > 0;
        }

        @Override
        public boolean compactable() {
            return true;
        }

        @Override
        public long largestFreeBytes() {
            return largestFree;
        }

        @Override
        public long availableBytes() {
            return available;
        }

        @Override
        public long usedBytes() {
            return 1_000;
        }

        @Override
        public double occupancy() {
            return occupancy;
        }

        @Override
        public long liveBlocks() {
            return 1;
        }

        @Override
        public void audit(StepTimer timer) {
            timer.begin();
            now.addAndGet(GOAL + 7);
            timer.end();
        }

        @Override
        public int zones() {
            return zones;
        }

        @Override
        public boolean returnable(int zone) {
            return free[zone];
        }

        @Override
        public long discardStep(int zone, long from, StepTimer timer) {
            log.add("discard " + zone);
            free[zone] = false;
            return 0;
        }

        @Override
        public MemoryMetrics collected() {
            log.add("collected");
            return new MemoryMetrics(0, 0, 0, 0, 0, 0, 0, OptionalDouble.empty(), 1);
        }
    }
}
