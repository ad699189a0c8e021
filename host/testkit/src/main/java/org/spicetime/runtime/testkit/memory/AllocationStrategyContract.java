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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.testkit.DefaultOptions;
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
 * <p>Random tests publish their seed; {@code -Dtest.seed=N} repeats a run, {@code -Dtest.long=true}
 * makes it fifty times as long.
 */
public abstract class AllocationStrategyContract {
    private static final long MIB = 1L << 20;
    private static final int STEPS = Boolean.getBoolean("test.long") ? 1_000_000 : 20_000;
    private static final int STEPS_PER_COMPARISON = 500;

    private final long seed = seed();
    private final Random random = new Random(seed);
    private AllocationStrategy strategy;
    private Trace trace;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // set before each test
    protected AllocationStrategyContract() {}

    /** The factory under test, a new one or always the same. */
    protected abstract AllocationStrategyFactory factory();

    /** Sizes of the pool to test with; zones must divide it evenly. */
    protected Geometry geometry() {
        return new Geometry(factory().descriptor().granuleBytes(), 8 * MIB, MIB);
    }

    /** Values for the options of the descriptor; their defaults unless overridden. */
    protected Options options() {
        return new DefaultOptions(factory().descriptor().options());
    }

    @BeforeEach
    final void createStrategy(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        strategy = create();
        trace = new Trace(strategy, geometry(), factory().descriptor().movable());
    }

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
        trace.addAllZones();
        run(STEPS);
        trace.model().compare(strategy);
        trace.releaseAll(random);
        trace.model().compare(strategy);
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
        for (long size : new long[] {geometry().poolBytes() + 1, 1L << 62, Long.MAX_VALUE}) {
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
            stale.add(trace.allocate(1 + random.nextInt(4096), granule(), 0).orElseThrow());
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
        long known = trace.allocate(100, granule(), 0).orElseThrow();
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
            Optional<Long> second = trace.allocate(align + 1, align, 0);
            assertThat(first).as("alignment %d", align).isPresent();
            assertThat(second).as("alignment %d", align).isPresent();
            trace.release(first.orElseThrow());
            trace.release(second.orElseThrow());
        }
        trace.model().compare(strategy);
    }

    @Test
    void zonesComeAndGoInAnyOrderWhileBlocksLive() {
        int zones = (int) (geometry().poolBytes() / geometry().zoneBytes());
        for (int step = 0; step < STEPS; step++) {
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
            assertThat(trace.dropZone(zone)).as("zone at %d, seed %d", zone, seed).isTrue();
        }
        assertThat(strategy.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
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
        AllocationStrategy other = create();
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
                    long size = own.nextLong(1, 2049);
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

    private void run(int steps) {
        for (int step = 0; step < steps; step++) {
            try {
                trace.step(random);
                if (step % STEPS_PER_COMPARISON == 0) {
                    trace.model().compare(strategy);
                }
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("at step " + step + " of -Dtest.seed=" + seed, failed);
            }
        }
    }

    /** Allocates until not even a granule fits. */
    private void exhaust() {
        Set<Long> given = new HashSet<>();
        for (long size = geometry().zoneBytes() / 16; size >= 1; ) {
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

    private AllocationStrategy create() {
        return factory().create(geometry(), options());
    }

    private long granule() {
        return geometry().granuleBytes();
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
