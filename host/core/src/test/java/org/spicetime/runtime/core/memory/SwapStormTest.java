// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.kernel.memory.StrategyBinding;

/** A thousand changes of strategy, and many of size, while tasks use the pool. */
final class SwapStormTest {
    private static final int SWAPS = 1000;
    private static final int THREADS = 4;
    private static final int MOST_ATTEMPTS = 100 * SWAPS;

    private final Queue<String> ejections = new ConcurrentLinkedQueue<>();
    private final DomainPool pool =
            Pools.open(
                    64 * MIB, (reason, message, report, time) -> ejections.add(reason + message));

    @Test
    void noBlockIsLostOrDamagedAndUseComesBackToTheByte() throws Exception {
        long seed = Pools.seed();
        TaskArena standing = pool.openArena(Pools.task());
        List<Stamped> kept = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            kept.add(Stamped.allocate(standing, 1 + random.nextInt(4000), random.nextLong()));
        }
        long baseline = pool.metrics().used();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch together = new CountDownLatch(THREADS);
        int swaps = 0;
        AtomicInteger sizes = new AtomicInteger();
        long blocks = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Long>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random own = new Random(seed + 1 + thread);
                tasks.add(executor.submit(() -> useThePool(own, together, over)));
            }
            try {
                assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
                for (int attempt = 0; swaps < SWAPS && attempt < MOST_ATTEMPTS; attempt++) {
                    swaps += change(random, attempt, sizes) ? 1 : 0;
                }
            } finally {
                over.set(true);
            }
            for (Future<Long> task : tasks) {
                blocks += task.get(5, TimeUnit.MINUTES);
            }
        }
        System.out.printf(
                "swap storm: seed %d, %d changes of strategy, %d of size, %d blocks verified%n",
                seed, swaps, sizes.get(), blocks);
        assertThat(swaps).as("seed %d", seed).isEqualTo(SWAPS);
        assertThat(blocks).isPositive();
        assertThat(ejections).allMatch(text -> text.startsWith("OPERATOR"));
        kept.forEach(Stamped::verify);
        assertThat(pool.metrics().used()).as("seed %d", seed).isEqualTo(baseline);
        standing.reclaim();
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().largestFree()).isEqualTo(pool.poolBytes());
        pool.close();
    }

    /** Another strategy, now and then another size or an ejection; whether it was a swap. */
    private boolean change(Random random, int attempt, AtomicInteger sizes) {
        try {
            if (attempt % 16 == 7) {
                pool.resize((40 + random.nextInt(40)) * MIB);
                sizes.incrementAndGet();
                return false;
            }
            if (attempt % 50 == 49) {
                pool.fallBack(EjectionReason.OPERATOR, "a test");
            }
            pool.useStrategy(
                    switch (random.nextInt(3)) {
                        case 0 -> StrategyBinding.firstFit();
                        case 1 -> Strategies.another();
                        default -> Strategies.topDown();
                    });
            return true;
        } catch (RefusedException noRoom) {
            assertThat(noRoom.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
            return false;
        }
    }

    private long useThePool(Random random, CountDownLatch together, AtomicBoolean over) {
        long verified = 0;
        together.countDown();
        while (!over.get()) {
            TaskArena arena = pool.openArena(Pools.task());
            List<Stamped> held = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < 300; i++) {
                long size = 1L + random.nextInt(random.nextInt(20) == 0 ? 60_000 : 3000);
                try {
                    held.add(Stamped.allocate(arena, size, random.nextLong()));
                    bytes += held.getLast().segment.byteSize();
                } catch (RefusedException full) {
                    assertThat(full.details()).containsKeys("limit", "used", "requested");
                }
            }
            held.forEach(Stamped::verify);
            verified += held.size();
            ReclaimReport report = arena.reclaim();
            assertThat(report.blocks()).isEqualTo(held.size());
            assertThat(report.bytes()).isGreaterThanOrEqualTo(bytes);
        }
        return verified;
    }

    /** A block full of a number of its own. */
    private record Stamped(MemorySegment segment, long stamp) {
        static Stamped allocate(TaskArena arena, long size, long stamp) {
            MemorySegment segment = arena.allocate(size, 16);
            for (long at = 0; at + 8 <= size; at += 8) {
                if (segment.get(JAVA_LONG_UNALIGNED, at) != 0) {
                    throw new AssertionError("a fresh block of %d is not zero".formatted(size));
                }
                segment.set(JAVA_LONG_UNALIGNED, at, stamp ^ at);
            }
            return new Stamped(segment, stamp);
        }

        void verify() {
            for (long at = 0; at + 8 <= segment.byteSize(); at += 8) {
                long there = segment.get(JAVA_LONG_UNALIGNED, at);
                if (there != (stamp ^ at)) {
                    throw new AssertionError(
                            "byte %d of a block of %d was overwritten"
                                    .formatted(at, segment.byteSize()));
                }
            }
        }
    }
}
