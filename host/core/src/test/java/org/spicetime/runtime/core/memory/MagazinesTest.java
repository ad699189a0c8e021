// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.core.memory.magazine.Takings;

/** Blocks that come and go through magazines, with everything that may happen to a pool. */
final class MagazinesTest {
    private static final long GIB = 1L << 30;

    /** One attempt and the chains it has taken, with their sizes. */
    private static final class Attempt {
        final TaskArena arena;
        final Set<Integer> chains = new LinkedHashSet<>();

        Attempt(DomainPool pool) {
            arena = pool.openArena(Pools.task());
        }

        Takings takings() {
            return requireNonNull(arena.takings(), "takings");
        }
    }

    @Test
    void aBlockThatWasGivenBackIsThereAgainAndCountsAsCachedMeanwhile() {
        try (DomainPool pool = Pools.open(64 * MIB)) {
            Attempt attempt = new Attempt(pool);
            int first = attempt.takings().take(1000, Takings.NONE);
            long address = attempt.takings().address();
            assertThat(pool.metrics().used()).isEqualTo(1024);
            attempt.takings().giveBack(first);
            assertThat(pool.metrics().used()).isZero();
            assertThat(pool.metrics().cached()).isGreaterThanOrEqualTo(1024);
            long hits = pool.magazines().hits();
            int again = attempt.takings().take(900, Takings.NONE);
            assertThat(attempt.takings().address()).isEqualTo(address);
            assertThat(pool.magazines().hits()).isEqualTo(hits + 1);
            attempt.takings().giveBack(again);
            pool.magazines().drain();
            assertThat(pool.plan().usedBytes()).isZero();
            attempt.arena.reclaim();
        }
    }

    @Test
    void whatMagazinesKeepIsNotInTheWayOfALargeBlock() {
        try (DomainPool pool = Pools.open(4 * MIB)) {
            Attempt attempt = new Attempt(pool);
            attempt.takings().giveBack(attempt.takings().take(16, Takings.NONE));
            assertThat(pool.plan().usedBytes()).isPositive();
            assertThat(attempt.arena.allocate(4 * MIB).byteSize()).isEqualTo(4 * MIB);
            assertThat(attempt.takings().take(16, Takings.NONE)).isEqualTo(Takings.NONE);
            assertThat(attempt.arena.reclaim().bytes()).isEqualTo(4 * MIB);
            assertThat(pool.plan().usedBytes()).isZero();
        }
    }

    @Test
    void aTaskWithMemoryKeptForItTakesItFromThePoolItself() throws Exception {
        try (DomainPool pool = Pools.open(4 * MIB)) {
            TaskArena arena = pool.reservations().openArena(Pools.task(), MIB);
            assertThat(arena.takings()).isNull();
            arena.reclaim();
        }
    }

    @Test
    void blocksOfAStuckTaskAreLeakedToTheByteAndCannotBeGivenBackTwice() {
        try (DomainPool pool = Pools.open(64 * MIB)) {
            Attempt stuck = new Attempt(pool);
            int chain = stuck.takings().take(5000, Takings.NONE);
            stuck.arena.allocate(100);
            long held = stuck.arena.usedBytes();
            pool.quarantine(stuck.arena);
            assertThat(pool.metrics().leaked()).isEqualTo(held).isEqualTo(5120 + 112);
            stuck.takings().giveBack(chain);
            assertThat(stuck.takings().take(16, Takings.NONE)).isEqualTo(Takings.NONE);
            assertThat(pool.metrics().leaked()).isEqualTo(held);
            assertThat(stuck.arena.reclaim().bytes()).isEqualTo(held);
            assertThat(pool.metrics().leaked()).isZero();
            assertThat(pool.metrics().used()).isZero();
        }
    }

    @Test
    void theSumsHoldAfterEveryStepWhateverHappensToThePool() {
        randomSteps(64 * MIB, 20_000, 0);
    }

    @Test
    void theyHoldBeyondTwoGibibytes() {
        randomSteps(3 * GIB, 4_000, 2 * GIB + 64 * MIB);
    }

    /* Blocks of a former strategy may hold every zone for a while, whatever is free in them. */
    private static void allocateIfThereIsRoom(Attempt attempt, long bytes) {
        try {
            attempt.arena.allocate(bytes);
        } catch (RefusedException full) {
            assertThat(full.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        }
    }

    private static void randomSteps(long poolBytes, int steps, long filled) {
        long seed = Pools.seed();
        System.out.println("magazines: seed " + seed);
        Random random = new Random(seed);
        long highest = 0;
        try (DomainPool pool = Pools.open(poolBytes)) {
            List<Attempt> attempts = new ArrayList<>();
            Attempt standing = new Attempt(pool);
            attempts.add(standing);
            if (filled > 0) {
                standing.arena.allocate(filled);
            }
            for (int step = 0; step < steps; step++) {
                String at = "step %d of seed %d".formatted(step, seed);
                Attempt attempt = attempts.get(random.nextInt(attempts.size()));
                switch (random.nextInt(filled > 0 ? 150 : 200)) {
                    case 0 -> tryAnother(pool);
                    case 1 -> pool.fallBack(EjectionReason.OPERATOR, "for a test");
                    case 2 -> pool.magazines().drain();
                    case 3 -> pool.cap(poolBytes - random.nextInt(3) * MIB);
                    case 4 -> pool.collect(random.nextBoolean());
                    case 5, 6, 7 -> attempts.add(new Attempt(pool));
                    case 8, 9 -> {
                        if (attempt != standing) {
                            long held = attempt.arena.usedBytes();
                            assertThat(attempt.arena.reclaim().bytes()).as(at).isEqualTo(held);
                            attempts.remove(attempt);
                        }
                    }
                    case 10 -> {
                        if (attempt != standing) {
                            pool.quarantine(attempt.arena);
                            checkInvariants(pool, attempts, at);
                            attempt.arena.reclaim();
                            attempts.remove(attempt);
                        }
                    }
                    case 11, 12 -> allocateIfThereIsRoom(attempt, 1 + random.nextInt(10_000));
                    default -> {
                        if (!attempt.chains.isEmpty() && random.nextBoolean()) {
                            int chain = attempt.chains.iterator().next();
                            attempt.chains.remove(chain);
                            attempt.takings().giveBack(chain);
                        } else {
                            int chain = Takings.NONE;
                            for (int i = random.nextInt(4); i >= 0; i--) {
                                int more =
                                        attempt.takings()
                                                .take(
                                                        1 + random.nextInt(1 << random.nextInt(17)),
                                                        chain);
                                if (more == Takings.NONE) {
                                    break;
                                }
                                chain = more;
                                highest =
                                        Math.max(highest, attempt.takings().address() - base(pool));
                            }
                            if (chain != Takings.NONE) {
                                attempt.chains.add(chain);
                            }
                        }
                    }
                }
                checkInvariants(pool, attempts, at);
            }
            for (Attempt attempt : attempts) {
                attempt.arena.reclaim();
            }
            pool.magazines().drain();
            assertThat(pool.plan().usedBytes()).as("seed %d", seed).isZero();
            assertThat(highest).isGreaterThanOrEqualTo(filled);
        }
    }

    /** Refused while no zone is free, which changes nothing. */
    private static void tryAnother(DomainPool pool) {
        try {
            pool.useStrategy(Strategies.another());
        } catch (RefusedException noFreeZone) {
            assertThat(noFreeZone).hasMessageContaining("no free zone");
        }
    }

    private static long base(DomainPool pool) {
        return pool.read(() -> pool.mapped().base());
    }

    private static void checkInvariants(DomainPool pool, List<Attempt> attempts, String at) {
        MemoryMetrics now = pool.metrics();
        long parked = pool.magazines().parkedBytes();
        long held = attempts.stream().mapToLong(attempt -> attempt.arena.usedBytes()).sum();
        assertThat(now.used() + now.cached() + now.free()).as(at).isEqualTo(now.total());
        assertThat(now.used()).as(at).isEqualTo(held);
        assertThat(pool.plan().usedBytes()).as(at).isEqualTo(held + parked);
        assertThat(now.cached()).as(at).isGreaterThanOrEqualTo(parked);
        assertThat(now.free()).as(at).isNotNegative();
        assertThat(pool.plan().usedBytes()).as(at).isLessThanOrEqualTo(now.total());
        assertThat(now.leaked()).as(at).isLessThanOrEqualTo(now.used());
    }

    @Test
    void tenThousandTasksKilledWithAMillionBlocksBringUseBackToTheByte() throws Exception {
        int tasks = 10_000;
        int threads = 4;
        try (DomainPool pool = Pools.open(512 * MIB)) {
            TaskArena standing = pool.openArena(Pools.task());
            standing.allocate(12_345);
            long baseline = pool.metrics().used();
            CountDownLatch holding = new CountDownLatch(threads);
            CountDownLatch kill = new CountDownLatch(1);
            List<Future<Long>> reclaimed = new ArrayList<>();
            try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
                for (int thread = 0; thread < threads; thread++) {
                    reclaimed.add(
                            executor.submit(() -> {
                                List<TaskArena> arenas = new ArrayList<>();
                                for (int task = 0; task < tasks / threads; task++) {
                                    TaskArena arena = pool.openArena(Pools.task());
                                    hold(arena);
                                    arenas.add(arena);
                                }
                                holding.countDown();
                                assertThat(kill.await(5, TimeUnit.MINUTES)).isTrue();
                                long blocks = 0;
                                for (TaskArena arena : arenas) {
                                    blocks += arena.reclaim().blocks();
                                }
                                return blocks;
                            }));
                }
                assertThat(holding.await(5, TimeUnit.MINUTES)).isTrue();
                assertThat(pool.metrics().used()).isGreaterThan(baseline);
                long started = System.nanoTime();
                kill.countDown();
                long blocks = 0;
                for (Future<Long> future : reclaimed) {
                    blocks += future.get(5, TimeUnit.MINUTES);
                }
                System.out.printf(
                        "10 000 tasks with %d blocks reclaimed in %d ms (budget 250 ms)%n",
                        blocks, (System.nanoTime() - started) / 1_000_000);
                assertThat(blocks).isEqualTo(100L * tasks);
            }
            assertThat(pool.metrics().used()).isEqualTo(baseline);
            standing.reclaim();
            assertThat(pool.metrics().used()).isZero();
        }
    }

    /** A hundred blocks, most of them of the task's arena, some out of magazines. */
    private static void hold(TaskArena arena) {
        Takings takings = requireNonNull(arena.takings(), "takings");
        int chain = Takings.NONE;
        for (int i = 0; i < 100; i++) {
            if (i % 10 == 0) {
                chain = takings.take(64, chain);
                assertThat(chain).isNotEqualTo(Takings.NONE);
            } else {
                arena.allocate(64 + i);
            }
        }
    }
}
