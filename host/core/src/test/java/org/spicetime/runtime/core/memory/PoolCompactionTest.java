// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MoveSink;
import org.spicetime.runtime.core.memory.handle.BlockState.State;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.kernel.memory.StrategyBinding;

/** Compaction of a real pool with contents that are looked at. */
final class PoolCompactionTest {
    private static final long KIB = 1L << 10;
    private static final long POOL = 8 * Pools.MIB;
    private static final Duration GOAL = Duration.ofNanos(500_000);

    private final DomainPool pool = Pools.open(POOL);
    private final MovableBlocks blocks = new MovableBlocks(pool);

    @AfterEach
    void theBookIsTheStrategys() {
        blocks.freeAll();
        assertThat(pool.collect(true).memory().used()).isZero();
        assertThat(pool.metrics().largestFree()).isEqualTo(POOL);
        assertThat(pool.activeStrategy()).isEqualTo("FIRST_FIT");
        pool.close();
    }

    @Test
    void aCheckerboardIsUndoneByACollectionThatIsAskedFor() {
        checkerboard();
        assertThat(blocks.add(2 * KIB, 16)).isNegative();
        CollectionReport report = pool.collect(true);
        System.out.printf(
                "checkerboard of %d KiB: moved %d bytes in %s, longest pause %s of %s%n",
                POOL / KIB, report.movedBytes(), report.duration(), report.longestPause(), GOAL);
        assertThat(report.movedBytes()).isEqualTo(POOL / 2 - KIB);
        assertThat(report.memory().largestFree()).isEqualTo(POOL / 2);
        assertThat(report.longestPause()).isPositive().isLessThanOrEqualTo(report.duration());
        blocks.assertContents();
        assertThat(blocks.add(POOL / 2, 16)).isNotNegative();
        blocks.assertContents();
    }

    @Test
    void withoutCompactionACollectionMovesNothing() {
        checkerboard();
        assertThat(pool.collect(false).movedBytes()).isZero();
        assertThat(blocks.add(2 * KIB, 16)).isNegative();
    }

    @Test
    void anAllocationThatFindsOnlyPiecesCompactsIfTheConfigurationSaysSo() {
        checkerboard();
        TaskArena arena = pool.openArena(Pools.task());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> arena.allocate(2 * KIB))
                .satisfies(refused ->
                        assertThat(refused.details()).containsEntry("reason", "FRAGMENTED"));
        pool.collector().configure(compacting(GcStrategy.INCREMENTAL));
        long before = pool.metrics().collections();
        assertThat(arena.allocate(2 * KIB).byteSize()).isEqualTo(2 * KIB);
        assertThat(pool.metrics().collections()).isEqualTo(before + 1);
        MemorySegment rest = arena.allocate(POOL / 2 - 2 * KIB);
        assertThat(rest.byteSize()).as("all that is left").isEqualTo(POOL / 2 - 2 * KIB);
        blocks.assertContents();
        arena.reclaim();
    }

    @Test
    void whatCompactionCannotHelpIsRefusedAsBefore() {
        checkerboard();
        pool.collector().configure(compacting(GcStrategy.INCREMENTAL));
        blocks.stamps.keySet().forEach(Movable::tryPin);
        TaskArena arena = pool.openArena(Pools.task());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> arena.allocate(2 * KIB))
                .satisfies(refused ->
                        assertThat(refused.details()).containsEntry("reason", "FRAGMENTED"));
        blocks.stamps.keySet().forEach(Movable::unpin);
        blocks.assertContents();
        arena.reclaim();
    }

    @Test
    void aPinnedBlockStaysWhereItIsAndOthersMoveAroundIt() {
        checkerboard();
        Movable pinned = blocks.stamps.keySet().stream().skip(1000).findFirst().orElseThrow();
        long place = pinned.offset();
        assertThat(pinned.tryPin()).isEqualTo(State.PINNED);
        pool.collect(true);
        assertThat(pinned.offset()).isEqualTo(place);
        pinned.unpin();
        blocks.assertContents();
        pool.collect(true);
        assertThat(pinned.offset()).isLessThan(place);
        assertThat(pool.metrics().largestFree()).isEqualTo(POOL / 2);
        blocks.assertContents();
    }

    @Test
    void blocksOfAFormerStrategyAreMovedToTheOneInCharge() {
        checkerboard();
        List<Movable> all = List.copyOf(blocks.stamps.keySet());
        all.subList(0, all.size() / 2).forEach(blocks::free);
        pool.useStrategy(Strategies.another());
        CollectionReport report = pool.collect(true);
        assertThat(report.movedBytes()).isEqualTo(all.size() / 2 * KIB);
        blocks.assertContents();
        pool.useStrategy(StrategyBinding.firstFit());
        pool.collect(true);
        blocks.assertContents();
    }

    @Test
    void aStrategyThatPlansAMoveOverALiveBlockIsEjectedAndAllContentsStay() {
        List<EjectionReason> heard = new ArrayList<>();
        PoolListener listener = (reason, message, report, time) -> heard.add(reason);
        try (DomainPool hostile = Pools.open(POOL, listener)) {
            hostile.useStrategy(
                    Strategies.wrapping(honest ->
                            new Strategies.Passing(honest) {
                                @Override
                                public boolean planMoves(MoveSink sink, long byteBudget) {
                                    return sink.move(2, 2 * KIB, KIB / 2);
                                }
                            }));
            MovableBlocks live = new MovableBlocks(hostile);
            for (int i = 0; i < 4; i++) {
                assertThat(live.add(KIB, 16)).isNotNegative();
            }
            live.free(live.stamps.keySet().stream().skip(1).findFirst().orElseThrow());
            hostile.collect(true);
            assertThat(heard).containsExactly(EjectionReason.INVALID_RESULT);
            assertThat(hostile.activeStrategy()).isEqualTo("FIRST_FIT");
            live.assertContents();
            assertThat(hostile.collect(true).movedBytes()).isGreaterThanOrEqualTo(3 * KIB);
            live.assertContents();
            live.freeAll();
            assertThat(hostile.metrics().used()).isZero();
        }
    }

    @Test
    void aPoolShrinksBelowBlocksThatMayBeMoved() {
        for (int i = 0; i < 32; i++) {
            assertThat(blocks.add(POOL / 32 - 64, 16)).isNotNegative();
        }
        List<Movable> all = List.copyOf(blocks.stamps.keySet());
        all.subList(0, 20).forEach(blocks::free);
        pool.resize(4 * Pools.MIB);
        blocks.assertContents();
        assertThat(pool.metrics().total()).isEqualTo(4 * Pools.MIB);
        pool.resize(POOL);
        blocks.assertContents();
    }

    @Test
    void pinsOfManyThreadsAndCompactionNeverSeeEachOthersWork() throws Exception {
        long seed = Pools.seed();
        System.out.println("test.seed=" + seed);
        Random random = new Random(seed);
        while (blocks.add(1 + random.nextInt(48 << 10), 1L << random.nextInt(4, 12)) >= 0) {
            assertThat(blocks.stamps).isNotEmpty();
        }
        List<Movable> all = new ArrayList<>(blocks.stamps.keySet());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (random.nextBoolean()) {
                blocks.free(all.remove(i));
            }
        }
        int pinners = 3;
        int pins = 2_000;
        AtomicBoolean done = new AtomicBoolean();
        CyclicBarrier start = new CyclicBarrier(pinners + 1);
        try (ExecutorService threads = Executors.newFixedThreadPool(pinners + 1)) {
            List<Future<Long>> results = new ArrayList<>();
            for (int thread = 0; thread < pinners; thread++) {
                Random own = new Random(random.nextLong());
                // Each thread has blocks of its own to write to.
                List<Movable> mine = new ArrayList<>();
                for (int i = thread; i < all.size(); i += pinners) {
                    mine.add(all.get(i));
                }
                results.add(threads.submit(pinner(start, own, mine, pins)));
            }
            Future<Long> moved =
                    threads.submit(() -> {
                        start.await();
                        long bytes = 0;
                        do {
                            bytes += pool.collect(true).movedBytes();
                        } while (!done.get());
                        return bytes;
                    });
            for (Future<Long> result : results) {
                assertThat(result.get()).isEqualTo(pins);
            }
            done.set(true);
            assertThat(moved.get()).isPositive();
        }
        pool.collect(true);
        assertThat(pool.metrics().fragmentation().orElseThrow()).isLessThan(0.05);
    }

    /** Pins, looks at all bytes, writes others. */
    private Callable<Long> pinner(
            CyclicBarrier start, Random random, List<Movable> mine, int pins) {
        byte[] stamps = new byte[mine.size()];
        for (int i = 0; i < stamps.length; i++) {
            stamps[i] = blocks.stamps.getOrDefault(mine.get(i), (byte) 0);
        }
        return () -> {
            start.await();
            long pinned = 0;
            while (pinned < pins) {
                int which = random.nextInt(mine.size());
                Movable handle = mine.get(which);
                if (handle.tryPin() != State.PINNED) {
                    handle.awaitThaw();
                    continue;
                }
                try {
                    MemorySegment bytes = blocks.segment(handle);
                    MovableBlocks.assertHolds(bytes, stamps[which]);
                    bytes.fill(++stamps[which]);
                    pinned++;
                } finally {
                    handle.unpin();
                }
            }
            return pinned;
        };
    }

    private static GcConfig compacting(GcStrategy strategy) {
        return new GcConfig(strategy, 0.8, GOAL, Duration.ZERO, true, LeakAction.RECLAIM);
    }

    /** Fills the pool with blocks of 1 KiB and releases every other. */
    private void checkerboard() {
        while (blocks.add(KIB, 16) >= 0) {
            assertThat(blocks.stamps.size()).isLessThanOrEqualTo((int) (POOL / KIB));
        }
        List<Movable> all = List.copyOf(blocks.stamps.keySet());
        assertThat(all).hasSize((int) (POOL / KIB));
        for (int i = 1; i < all.size(); i += 2) {
            blocks.free(all.get(i));
        }
    }
}
