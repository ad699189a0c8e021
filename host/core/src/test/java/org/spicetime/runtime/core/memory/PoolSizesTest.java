// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.swap.SwapDirectory;

/** Other sizes of a pool that is in use. */
final class PoolSizesTest {
    private final DomainPool pool = Pools.open(8 * MIB);
    private final TaskArena arena = pool.openArena(Pools.task());

    @BeforeEach
    void aPoolChangesItsSizeWhereItLiesOnLinuxOnly() {
        assumeThat(LinuxMapping.supported()).as("anonymous mappings of Linux").isTrue();
    }

    @AfterEach
    void closeThePool() {
        arena.reclaim();
        pool.close();
    }

    @Test
    void aPoolGrowsFarBeyondItsFirstSizeAndBlocksKeepTheirContent() {
        MemorySegment old = arena.allocate(8 * MIB);
        old.fill((byte) 7);
        pool.useStrategy(Strategies.another());
        pool.resize(3L << 30);
        assertThat(pool.metrics().total()).isEqualTo(3L << 30);
        assertThat(pool.activeStrategy()).isEqualTo("ACME_TEST");
        MemorySegment young = arena.allocate((3L << 30) - 8 * MIB);
        assertThat(young.get(JAVA_LONG, young.byteSize() - 8)).isZero();
        young.set(JAVA_LONG, young.byteSize() - 8, 42);
        assertThat(young.get(JAVA_LONG, young.byteSize() - 8)).isEqualTo(42);
        assertThat(old.get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
        assertThat(old.get(JAVA_BYTE, 8 * MIB - 1)).isEqualTo((byte) 7);
        arena.reclaim();
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().largestFree()).isEqualTo(3L << 30);
    }

    @Test
    void aPoolShrinksWhileBlocksLiveAndWhatGrowsAgainIsZero() {
        MemorySegment low = arena.allocate(MIB);
        low.fill((byte) 3);
        TaskArena other = pool.openArena(Pools.task());
        other.allocate(6 * MIB).fill((byte) 9);
        other.reclaim();
        pool.resize(4 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(4 * MIB);
        assertThat(pool.metrics().used()).isEqualTo(MIB);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> arena.allocate(4 * MIB));
        pool.resize(8 * MIB);
        MemorySegment again = arena.allocate(7 * MIB);
        assertThat(again.mismatch(MemorySegment.ofArray(new byte[(int) (7 * MIB)]))).isEqualTo(-1);
        assertThat(low.toArray(JAVA_BYTE)).containsOnly(3);
    }

    @Test
    void aPoolThatShrinksWaitsForBlocksBeyondItsNewSize() throws Exception {
        TaskArena low = pool.openArena(Pools.task());
        low.allocate(5 * MIB);
        MemorySegment high = arena.allocate(2 * MIB);
        high.fill((byte) 5);
        low.reclaim();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> shrunk = executor.submit(() -> pool.resize(4 * MIB));
            while (pool.metrics().total() != 4 * MIB && !shrunk.isDone()) {
                Thread.onSpinWait();
            }
            arena.reclaim();
            shrunk.get(1, TimeUnit.MINUTES);
        }
        assertThat(pool.metrics().total()).isEqualTo(4 * MIB);
        TaskArena next = pool.openArena(Pools.task());
        assertThat(next.allocate(4 * MIB).byteSize()).isEqualTo(4 * MIB);
        next.reclaim();
    }

    @Test
    void aPoolThatCannotBeEmptiedInTimeKeepsItsSizeItsStrategyAndItsBlocks() {
        TaskArena low = pool.openArena(Pools.task());
        low.allocate(5 * MIB);
        MemorySegment high = arena.allocate(2 * MIB);
        high.fill((byte) 5);
        low.reclaim();
        pool.useStrategy(Strategies.another());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.resize(4 * MIB))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("used", 2 * MIB)
                            .containsEntry("requested", 4 * MIB)
                            .containsEntry("reason", "BLOCKS_BEYOND");
                });
        assertThat(pool.metrics().total()).isEqualTo(8 * MIB);
        assertThat(pool.activeStrategy()).isEqualTo("ACME_TEST");
        assertThat(high.toArray(JAVA_BYTE)).containsOnly(5);
        TaskArena next = pool.openArena(Pools.task());
        assertThat(next.allocate(5 * MIB).byteSize()).isEqualTo(5 * MIB);
        next.reclaim();
    }

    @Test
    void movableBlocksAreMovedOutOfTheWayOfASmallerSize() {
        TaskArena low = pool.openArena(Pools.task());
        low.allocate(5 * MIB);
        MovableBlocks blocks = new MovableBlocks(pool);
        for (int i = 0; i < 30; i++) {
            assertThat(blocks.add(50_000, 16)).isNotNegative();
        }
        low.reclaim();
        pool.resize(4 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(4 * MIB);
        assertThat(blocks.stamps.keySet())
                .allSatisfy(block -> assertThat(block.offset()).isLessThan(5 * MIB));
        blocks.assertContents();
        blocks.freeAll();
        assertThat(pool.metrics().used()).isZero();
    }

    @Test
    void aSizeBelowUseIsReachedBySwapping(@TempDir Path directory) {
        pool.swap().configure(SwapPolicy.CLOCK, 64 * MIB, SwapDirectory.of(directory));
        MovableBlocks blocks = new MovableBlocks(pool);
        for (int i = 0; i < 60; i++) {
            assertThat(blocks.add(100_000, 16)).isNotNegative();
        }
        assertThat(pool.metrics().used()).isGreaterThan(5 * MIB);
        pool.resize(4 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(4 * MIB);
        assertThat(pool.metrics().used()).isLessThanOrEqualTo(4 * MIB);
        assertThat(pool.metrics().swapped()).isPositive();
    }

    @Test
    void aSizeBelowUseIsRefusedAtOnceAndNothingChanges() {
        MemorySegment segment = arena.allocate(5 * MIB);
        segment.set(JAVA_LONG, 0, 42);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.resize(4 * MIB))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", 4 * MIB)
                            .containsEntry("used", 5 * MIB);
                });
        assertThat(pool.poolBytes()).isEqualTo(8 * MIB);
        assertThat(segment.get(JAVA_LONG, 0)).isEqualTo(42);
    }

    @Test
    void aSizeOutOfRangeOrOfAClosedPoolIsRefused() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.resize(5 * MIB + 1))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT));
        pool.close();
        assertThatIllegalStateException().isThrownBy(() -> pool.resize(16 * MIB));
    }

    @Test
    void whatTheMachineCannotBackIsRefusedAndShrinkingNeverIs(@TempDir Path root)
            throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Path meminfo = root.resolve("proc/meminfo");
        Files.writeString(meminfo, "MemAvailable:    16384 kB\n");
        try (DomainPool small =
                new DomainPool(
                        Pools.DOMAIN,
                        8 * MIB,
                        (a, b, c, d) -> {},
                        new MachineMemory(root),
                        System::nanoTime)) {
            TaskArena task = small.openArena(Pools.task());
            task.allocate(8 * MIB).fill((byte) 1);
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> small.resize(25 * MIB))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                        assertThat(refused.details())
                                .containsEntry("requested", 25 * MIB)
                                .containsEntry("available", 24 * MIB);
                    });
            assertThat(small.poolBytes()).isEqualTo(8 * MIB);
            small.resize(24 * MIB);
            task.reclaim();
            Files.writeString(meminfo, "MemAvailable:    0 kB\n");
            small.resize(4 * MIB);
            assertThat(small.metrics().total()).isEqualTo(4 * MIB);
        }
    }

    @Test
    void aStrategyThatDoesNotTakeTheSizeLeavesEverythingAsItWas() {
        AtomicBoolean unwilling = new AtomicBoolean();
        pool.useStrategy(
                Strategies.wrapping(honest -> {
                    if (unwilling.get()) {
                        throw new IllegalStateException("not again");
                    }
                    return honest;
                }));
        MemorySegment segment = arena.allocate(MIB);
        unwilling.set(true);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.resize(16 * MIB))
                .withMessageContaining("not again");
        assertThat(pool.poolBytes()).isEqualTo(8 * MIB);
        assertThat(pool.activeStrategy()).isEqualTo("ACME_TEST");
        assertThat(segment.byteSize()).isEqualTo(MIB);
        assertThat(arena.allocate(7 * MIB).byteSize()).isEqualTo(7 * MIB);
    }

    @Test
    void zonesOfATaskThatCannotBeStoppedAreLeftAlone() throws Exception {
        TaskArena beside = pool.openArena(Pools.task());
        MemorySegment other = beside.allocate(100);
        other.fill((byte) 4);
        TaskArena stuck =
                Pools.elsewhere(() -> {
                    TaskArena opened = pool.openArena(Pools.task());
                    opened.allocate(1000);
                    return opened;
                });
        pool.quarantine(stuck);
        assertThat(pool.metrics().leaked()).isEqualTo(1008);
        pool.leaveQuarantinedZones();
        MemorySegment far = arena.allocate(1000);
        assertThat(far.address() - other.address()).isGreaterThanOrEqualTo(MIB);
        assertThat(other.toArray(JAVA_BYTE)).containsOnly(4);
        beside.reclaim();
        assertThat(pool.metrics().used()).isEqualTo(2 * 1008);
        assertThat(stuck.reclaim().bytes()).isEqualTo(1008);
        assertThat(pool.metrics().leaked()).isZero();
        arena.reclaim();
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().largestFree()).isEqualTo(8 * MIB);
    }

    @Test
    void anEjectionWhileAPoolShrinksChangesNothingAboutItsSize() {
        pool.useStrategy(Strategies.another());
        arena.allocate(100);
        pool.resize(4 * MIB);
        pool.fallBack(EjectionReason.OPERATOR, "a test");
        pool.resize(6 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(6 * MIB);
        assertThat(pool.activeStrategy()).isEqualTo("FIRST_FIT");
    }
}
