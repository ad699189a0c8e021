// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;

/** Several threads, many tasks, swaps meanwhile; and more than an int can count. */
final class PoolUnderLoadTest {
    private static final long GIB = 1L << 30;

    @Test
    void tasksThatEndWithThousandsOfBlocksBringUseBackToTheByte() throws Exception {
        long seed = Pools.seed();
        try (DomainPool pool = Pools.open(64 * MIB)) {
            TaskArena standing = pool.openArena(Pools.task());
            standing.allocate(12_345);
            long baseline = pool.metrics().used();
            int threads = 4;
            CountDownLatch together = new CountDownLatch(threads);
            List<Future<Long>> blocks = new ArrayList<>();
            try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
                for (int thread = 0; thread < threads; thread++) {
                    Random random = new Random(seed + thread);
                    blocks.add(
                            executor.submit(() -> {
                                together.countDown();
                                assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
                                return runTasks(pool, random, 10, 3000);
                            }));
                }
                for (int i = 0; i < 20; i++) {
                    pool.useStrategy(Strategies.another());
                    pool.fallBack(EjectionReason.OPERATOR, "under load");
                    assertAddsUp(pool);
                    pool.collect(i % 2 == 0);
                }
                long allocated = 0;
                for (Future<Long> future : blocks) {
                    allocated += future.get(5, TimeUnit.MINUTES);
                }
                assertThat(allocated).as("blocks, seed %d", seed).isGreaterThan(10_000);
            }
            assertThat(pool.metrics().used()).as("seed %d", seed).isEqualTo(baseline);
            standing.reclaim();
            assertThat(pool.metrics().used()).isZero();
            assertThat(pool.metrics().largestFree()).isEqualTo(64 * MIB);
        }
    }

    /** Each task stamps its blocks and finds its stamps again before it "dies" with all of them. */
    private static long runTasks(DomainPool pool, Random random, int tasks, int blocks) {
        long allocated = 0;
        for (int task = 0; task < tasks; task++) {
            TaskArena arena = pool.openArena(Pools.task());
            List<MemorySegment> held = new ArrayList<>();
            long stamp = random.nextLong();
            for (int i = 0; i < blocks; i++) {
                try {
                    MemorySegment segment = arena.allocate(8 + random.nextInt(1500), 8);
                    assertThat(segment.get(JAVA_LONG_UNALIGNED, segment.byteSize() - 8)).isZero();
                    segment.set(JAVA_LONG_UNALIGNED, 0, stamp + i);
                    segment.set(JAVA_LONG_UNALIGNED, segment.byteSize() - 8, stamp + i);
                    held.add(segment);
                } catch (RefusedException full) {
                    assertThat(full.details()).containsKeys("limit", "used", "requested");
                    held.add(MemorySegment.NULL);
                }
            }
            long live = 0;
            for (int i = 0; i < held.size(); i++) {
                MemorySegment segment = held.get(i);
                if (segment.byteSize() > 0) {
                    live++;
                    long end = segment.byteSize() - 8;
                    assertThat(segment.get(JAVA_LONG_UNALIGNED, end)).isEqualTo(stamp + i);
                }
            }
            assertThat(arena.reclaim().blocks()).isEqualTo(live);
            allocated += live;
        }
        return allocated;
    }

    @Test
    void blocksBeyondTwoGibibytesHoldTheirContentAndFreshMemoryIsNotMadeResident() {
        try (DomainPool pool = Pools.open(6 * GIB)) {
            TaskArena arena = pool.openArena(Pools.task());
            MemorySegment low = arena.allocate(3 * GIB, 4096);
            MemorySegment high = arena.allocate(2 * GIB + 24, 4096);
            assertThat(high.address() - low.address()).isEqualTo(3 * GIB);
            long last = low.byteSize() - 8;
            low.set(JAVA_LONG_UNALIGNED, last, 1);
            high.set(JAVA_LONG_UNALIGNED, 0, 2);
            high.set(JAVA_LONG_UNALIGNED, high.byteSize() - 8, 3);
            assertThat(low.get(JAVA_LONG_UNALIGNED, last)).isEqualTo(1);
            assertThat(high.get(JAVA_LONG_UNALIGNED, 0)).isEqualTo(2);
            assertThat(high.get(JAVA_LONG_UNALIGNED, high.byteSize() - 8)).isEqualTo(3);
            assertThat(high.get(JAVA_LONG_UNALIGNED, GIB)).isZero();
            assertThat(pool.metrics().used()).isEqualTo(5 * GIB + 32);
            assertThat(arena.reclaim()).isEqualTo(new ReclaimReport(5 * GIB + 32, 2));
            assertThat(pool.metrics().largestFree()).isEqualTo(6 * GIB);
            pool.collect(false);
            TaskArena next = pool.openArena(Pools.task());
            MemorySegment again = next.allocate(6 * GIB, 4096);
            assertThat(again.get(JAVA_LONG_UNALIGNED, last)).isZero();
            assertThat(again.get(JAVA_LONG_UNALIGNED, 3 * GIB)).isZero();
            next.reclaim();
        }
    }

    private static void assertAddsUp(DomainPool pool) {
        assertThat(pool.metrics())
                .satisfies(m -> {
                    assertThat(m.used() + m.cached() + m.free()).isEqualTo(m.total());
                    assertThat(m.used()).isLessThanOrEqualTo(m.total());
                });
    }
}
