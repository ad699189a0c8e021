// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.kernel.memory.StrategyBinding;
import org.spicetime.runtime.kernel.memory.StrategyTrial;
import org.spicetime.runtime.testkit.memory.BlockModel.Block;

/**
 * What every allocation strategy has to keep. Extend it and name the factory:
 *
 * <pre>{@code
 * final class BuddyContractTest extends AllocationStrategyContract {
 *     protected AllocationStrategyFactory factory() { return new BuddyFactory(); }
 * }
 * }</pre>
 *
 * <p>A strategy whose options bound its blocks overrides {@link #largestBlock} too. Every operation
 * is followed by a check against a model: size, alignment, zones, overlap, ids, and an honest
 * reason where there is no block. The strategy is asked about itself every few operations, and
 * about each of its blocks every few thousand.
 *
 * <p>Random tests publish their seed and print it when they fail, with the last operations; {@code
 * -Dtest.seed=N} repeats a run, {@code -Dtest.long=true} makes it fifty times as long. What depends
 * on the speed of the machine, as the claim of bounded time does, is left to the benchmarks.
 */
public abstract class AllocationStrategyContract extends MoveChecks {
    private static final int STEPS = 20_000 * LONGER;
    private static final int STEPS_OF_THE_LONG_TRACE = 1_000_000 * LONGER;
    private static final int STEPS_PER_COMPARISON = 500;
    private static final long GIB = 1L << 30;

    /** For subclasses. */
    protected AllocationStrategyContract() {}

    @Test
    void theFactoryIsPublicWithAPublicConstructorAndAConstantDescriptor() throws Exception {
        Class<?> type = factory().getClass();
        assertThat(Modifier.isPublic(type.getModifiers())).as("%s is public", type).isTrue();
        AllocationStrategyFactory another =
                (AllocationStrategyFactory) type.getConstructor().newInstance();
        StrategyDescriptor descriptor = factory().descriptor();
        assertThat(factory().descriptor()).isEqualTo(descriptor);
        assertThat(another.descriptor()).isEqualTo(descriptor);
        assertThat(descriptor.maxPoolBytes()).isGreaterThanOrEqualTo(geometry().poolBytes());
    }

    @Test
    void aRandomTraceKeepsBlocksApartAlignedAndInsideTheirZones() {
        long pool = Math.min(6 * GIB, factory().descriptor().maxPoolBytes());
        use(new Geometry(granule(), pool, MIB));
        for (long group : new long[] {0, 2 * GIB - MIB, 4 * GIB - MIB, pool - 2 * MIB}) {
            for (long zone = group; zone < group + 2 * MIB; zone += MIB) {
                if (zone < pool && !trace.model().zones().containsKey(zone)) {
                    trace.addZone(zone);
                }
            }
        }
        run(STEPS_OF_THE_LONG_TRACE);
        assertThat(trace.model().highestOffset())
                .as("where the farthest block began")
                .isGreaterThan(Math.min(pool, 2 * GIB) - MIB);
        telling(() -> {
            trace.model().compare(strategy);
            trace.releaseAll(random);
            trace.model().compare(strategy);
        });
    }

    @Test
    void theTrialOfAHostFindsNothing() {
        StrategyBinding binding =
                new StrategyBinding(
                        factory(), factory().descriptor(), options(), "the bundle under test");
        for (long pool : new long[] {4 * MIB, 7 * MIB, 200 * MIB}) {
            assertThat(StrategyTrial.rehearse(binding, pool, seed))
                    .as("rehearsal with a pool of %d bytes, -Dtest.seed=%d", pool, seed)
                    .isNull();
        }
    }

    @Test
    void aStrategyWithoutZonesGivesNothing() {
        assertThat(trace.allocate(1, granule(), 0)).isEmpty();
        assertThat(strategy.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
    }

    @Test
    void whatWasExhaustedIsAllocatableAgainAsAWhole() {
        trace.addAllZones();
        FragmentationStats fresh = strategy.stats();
        assertThat(fresh.freeBytes()).isEqualTo(geometry().poolBytes());
        for (int round = 0; round < 3; round++) {
            exhaust();
            trace.releaseAll(random);
            assertThat(strategy.stats())
                    .as("after round %d of seed %d", round, seed)
                    .isEqualTo(fresh);
        }
        Optional<Long> whole = trace.allocate(fresh.largestFreeBytes(), granule(), 0);
        assertThat(whole).as("one block of %d bytes", fresh.largestFreeBytes()).isPresent();
        trace.release(whole.orElseThrow());
    }

    @Test
    void theLargestFreeBlockIsOneThatCanBeAllocated() {
        trace.addAllZones();
        for (int round = 0; round < 50; round++) {
            run(STEPS / 100);
            long largest = strategy.stats().largestFreeBytes();
            if (largest > 0) {
                Optional<Long> id = trace.allocate(largest, granule(), 0);
                assertThat(id).as("%d bytes, seed %d", largest, seed).isPresent();
                trace.release(id.orElseThrow());
            }
        }
        assertThat(trace.model().count()).as("live blocks meanwhile").isPositive();
    }

    @Test
    void aRequestThatCannotFitIsAnsweredByAFailure() {
        trace.addAllZones();
        for (long size : new long[] {largestBlock() + 1, 1L << 62, Long.MAX_VALUE}) {
            long result = strategy.allocate(size, granule(), 0);
            assertThat(AllocationFailure.of(result)).as("%d bytes", size).isPresent();
        }
        trace.model().compare(strategy);
    }

    @Test
    void aReleasedBlockCannotBeUsedOrReleasedAgain() {
        trace.addAllZones();
        List<Long> stale = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            long size = 1 + random.nextLong(Math.min(4096, largestBlock()));
            stale.add(trace.allocate(size, granule(), 0).orElseThrow());
        }
        Collections.shuffle(stale, random);
        for (long id : stale) {
            trace.release(id);
            assertRefused(id);
        }
        trace.allocate(1, granule(), 0);
        trace.model().compare(strategy);
    }

    @Test
    void anUnknownIdIsRefusedAndChangesNothing() {
        trace.addAllZones();
        long known = trace.allocate(1, granule(), 0).orElseThrow();
        for (long id :
                new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, known + 1, known ^ 1L << 40}) {
            assertRefused(id);
        }
        for (int i = 0; i < 1000; i++) {
            long id = random.nextLong();
            if (id != known) {
                assertRefused(id);
            }
        }
        trace.model().compare(strategy);
    }

    @Test
    void everyAlignmentUpToAZoneIsKept() {
        trace.addAllZones();
        for (long align = granule(); align <= geometry().zoneBytes(); align <<= 1) {
            Optional<Long> first = trace.allocate(granule(), align, 0);
            long larger = Math.min(align + 1, largestBlock());
            Optional<Long> second = trace.allocate(larger, align, 0);
            assertThat(first).as("alignment %d", align).isPresent();
            assertThat(second).as("alignment %d", align).isPresent();
            trace.release(first.orElseThrow());
            trace.release(second.orElseThrow());
        }
        trace.model().compare(strategy);
    }

    @Test
    void zonesComeAndGoInAnyOrderWhileBlocksLive() {
        telling(() -> {
            int zones = (int) (geometry().poolBytes() / geometry().zoneBytes());
            for (int step = 0; step < 2 * STEPS; step++) {
                int choice = random.nextInt(100);
                long zone = random.nextInt(zones) * geometry().zoneBytes();
                boolean present = trace.model().zones().containsKey(zone);
                if (choice < 6 && !present) {
                    trace.addZone(zone);
                } else if (choice >= 6 && choice < 14 && present) {
                    trace.dropZone(zone);
                } else if (choice == 14 && random.nextInt(10) == 0) {
                    trace.releaseAll(random);
                } else {
                    trace.step(random);
                }
                if (step % STEPS_PER_COMPARISON == 0) {
                    trace.model().compare(strategy);
                }
            }
            trace.releaseAll(random);
            for (long zone : List.copyOf(trace.model().zones().keySet())) {
                assertThat(trace.dropZone(zone)).as("zone at %d is dropped", zone).isTrue();
            }
            assertThat(strategy.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
        });
    }

    @Test
    void aZoneThatOverlapsLeavesThePoolOrIsUnknownIsRefused() {
        long zone = geometry().zoneBytes();
        trace.addZone(0);
        trace.addZone(2 * zone);
        long[] wrong = {0, zone / 2, 2 * zone - granule(), geometry().poolBytes(), -zone};
        for (long offset : wrong) {
            assertThatIllegalArgumentException()
                    .as("zone at %d", offset)
                    .isThrownBy(() -> strategy.addZone(offset, zone));
        }
        for (long offset : new long[] {zone, granule(), geometry().poolBytes(), -zone}) {
            assertThatIllegalArgumentException()
                    .as("zone at %d", offset)
                    .isThrownBy(() -> strategy.dropZone(offset));
        }
        trace.model().compare(strategy);
    }

    @Test
    void instancesShareNothing() {
        trace.addAllZones();
        AllocationStrategy other = create(geometry());
        other.addZone(0, geometry().zoneBytes());
        FragmentationStats before = other.stats();
        run(STEPS / 10);
        assertThat(other.stats()).isEqualTo(before);
        other.forEachBlock(
                (id, offset, size) -> assertThat(id).as("a block of the other").isNull());
    }

    @Test
    void severalThreadsAllocateAsTheDescriptorAllows() throws Exception {
        trace.addAllZones();
        boolean inside = factory().descriptor().concurrency() == Concurrency.INTERNAL;
        ReentrantLock poolLock = new ReentrantLock();
        int threads = 4;
        CountDownLatch together = new CountDownLatch(threads);
        List<Future<List<Block>>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                Random own = new Random(seed + thread);
                results.add(
                        executor.submit(() -> {
                            together.countDown();
                            assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
                            return churn(own, inside ? new ReentrantLock() : poolLock);
                        }));
            }
            for (Future<List<Block>> result : results) {
                result.get(5, TimeUnit.MINUTES).forEach(trace.model()::allocated);
            }
        }
        trace.model().compare(strategy);
    }

    private List<Block> churn(Random own, ReentrantLock lock) {
        List<Block> held = new ArrayList<>();
        for (int i = 0; i < STEPS / 10; i++) {
            lock.lock();
            try {
                if (held.size() < 50) {
                    long size = own.nextLong(1, Math.min(2048, largestBlock()) + 1);
                    long id = strategy.allocate(size, granule(), 0);
                    if (id >= 0) {
                        held.add(
                                new Block(
                                        id,
                                        strategy.offset(id),
                                        strategy.size(id),
                                        size,
                                        granule()));
                    }
                } else {
                    strategy.release(held.remove(own.nextInt(held.size())).id());
                }
            } finally {
                lock.unlock();
            }
        }
        return held;
    }

    /** Allocates until not even a granule fits. */
    private void exhaust() {
        Set<Long> given = new HashSet<>();
        for (long size = Math.min(geometry().zoneBytes() / 16, largestBlock()); size >= 1; ) {
            Optional<Long> id = trace.allocate(1 + random.nextLong(size), granule(), 0);
            if (id.isPresent()) {
                assertThat(given.add(id.get())).as("id %s is new", id).isTrue();
            } else {
                size /= 2;
            }
        }
        assertThat(trace.model().usedBytes()).isPositive();
    }

    private void assertRefused(long id) {
        assertThatIllegalArgumentException()
                .as("release of %d", id)
                .isThrownBy(() -> strategy.release(id));
        assertThatIllegalArgumentException()
                .as("offset of %d", id)
                .isThrownBy(() -> strategy.offset(id));
        assertThatIllegalArgumentException()
                .as("size of %d", id)
                .isThrownBy(() -> strategy.size(id));
    }
}
