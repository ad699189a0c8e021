// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;

final class DomainPoolTest {
    private final DomainPool pool = Pools.open(8 * MIB);
    private final TaskArena arena = pool.openArena(Pools.task());

    @AfterEach
    void closeThePool() {
        arena.reclaim();
        pool.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 3 << 20, (8 << 20) + 1, Long.MAX_VALUE})
    void aSizeOutOfRangeIsRefusedByFieldAndRange(long bytes) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> DomainPool.open(Pools.DOMAIN, bytes, (a, b, c, d) -> {}))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
                    assertThat(refused.details())
                            .containsEntry("field", "memory.poolSize")
                            .containsKey("range");
                });
    }

    @Test
    void aPoolTheMachineCannotBackIsRefused(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/meminfo"), "MemAvailable:    8192 kB\n");
        MachineMemory machine = new MachineMemory(root);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> openOn(machine, 16 * MIB))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", 16 * MIB)
                            .containsEntry("available", 8 * MIB);
                });
        openOn(machine, 8 * MIB).close();
    }

    @Test
    void whatOtherPoolsMayStillTakeIsNotThere(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/meminfo"), "MemAvailable:    20480 kB\n");
        PoolListener others =
                new PoolListener() {
                    @Override
                    public void strategyEjected(
                            EjectionReason reason,
                            String message,
                            Map<String, Object> report,
                            Duration switchTime) {}

                    @Override
                    public long promisedElsewhere() {
                        return 12 * MIB;
                    }
                };
        MachineMemory machine = new MachineMemory(root);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() ->
                        new DomainPool(Pools.DOMAIN, 9 * MIB, others, machine, System::nanoTime))
                .satisfies(refused ->
                        assertThat(refused.details())
                                .containsEntry("requested", 9 * MIB)
                                .containsEntry("available", 8 * MIB)
                                .containsEntry("limit", 8 * MIB)
                                .containsEntry("field", "memory.poolSize"));
        try (DomainPool fits =
                new DomainPool(Pools.DOMAIN, 8 * MIB, others, machine, System::nanoTime)) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> fits.resize(9 * MIB))
                    .satisfies(refused ->
                            assertThat(refused.code())
                                    .isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED));
            assertThat(fits.poolBytes()).isEqualTo(8 * MIB);
        }
    }

    @Test
    void metricsAddUpAndFollowEveryBlock() {
        MemoryMetrics empty = pool.metrics();
        assertThat(empty.total()).isEqualTo(8 * MIB);
        assertThat(empty.free()).isEqualTo(8 * MIB);
        assertThat(empty.largestFree()).isEqualTo(8 * MIB);
        assertThat(empty.fragmentation()).hasValue(0.0);
        arena.allocate(3 * MIB - 5);
        MemoryMetrics used = pool.metrics();
        assertThat(used.used()).isEqualTo(3 * MIB);
        assertThat(used.free()).isEqualTo(5 * MIB);
        assertThat(used.cached()).isZero();
        arena.allocate(5 * MIB);
        assertThat(pool.metrics().fragmentation()).isEmpty();
        arena.reclaim();
        MemoryMetrics after = pool.metrics();
        assertThat(after.used()).isZero();
        assertThat(after.cached()).as("zones in use before").isEqualTo(8 * MIB);
        assertThat(after.largestFree()).isEqualTo(8 * MIB);
    }

    @Test
    void withoutRoomTheRefusalTellsLimitUseAndRequest() {
        arena.allocate(6 * MIB);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> arena.allocate(3 * MIB))
                .withMessageContaining("memory-test")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE);
                    assertThat(refused.details())
                            .containsEntry("scope", "domain")
                            .containsEntry("limit", 8 * MIB)
                            .containsEntry("used", 6 * MIB)
                            .containsEntry("available", 2 * MIB)
                            .containsEntry("requested", 3 * MIB)
                            .containsEntry("largestFree", 2 * MIB)
                            .containsEntry("level", "NONE")
                            .doesNotContainKey("reason");
                });
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> arena.allocate(9 * MIB))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED));
        assertThat(pool.metrics().used()).isEqualTo(6 * MIB);
    }

    @Test
    void aFragmentedPoolSaysSoAndTellsTheLargestPiece() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            TaskArena kept = other.submit(() -> pool.openArena(Pools.task())).get();
            for (int i = 0; i < 4096; i++) {
                arena.allocate(1024);
                other.submit(() -> kept.allocate(1024)).get(1, TimeUnit.MINUTES);
            }
            arena.reclaim();
            TaskArena next = pool.openArena(Pools.task());
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> next.allocate(2048))
                    .satisfies(refused ->
                            assertThat(refused.details())
                                    .containsEntry("reason", "FRAGMENTED")
                                    .containsEntry("largestFree", 1024L)
                                    .containsEntry("available", 4 * MIB));
            other.submit(kept::reclaim).get(1, TimeUnit.MINUTES);
            assertThat(next.allocate(8 * MIB).byteSize()).isEqualTo(8 * MIB);
            next.reclaim();
        }
    }

    @Test
    void aCapLimitsThePoolAndIsKeptWhenItIsResized() {
        pool.cap(5 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(5 * MIB);
        arena.allocate(4 * MIB);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> pool.cap(3 * MIB));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> pool.cap(-1));
        assertThat(pool.metrics().total()).isEqualTo(5 * MIB);
        arena.reclaim();
        pool.resize(16 * MIB);
        assertThat(pool.metrics().total()).isEqualTo(5 * MIB);
        pool.cap(Long.MAX_VALUE);
        assertThat(pool.metrics().total()).isEqualTo(16 * MIB);
    }

    @Test
    void aCollectionReturnsFreeZonesToTheMachineAndMovesNothing() {
        MemorySegment kept = pool.openArena(Pools.task()).allocate(100);
        kept.fill((byte) 7);
        arena.allocate(6 * MIB).fill((byte) 1);
        arena.reclaim();
        assertThat(pool.metrics().cached()).isEqualTo(6 * MIB);
        CollectionReport report = pool.collect(true);
        assertThat(report.reclaimedBytes()).isZero();
        assertThat(report.movedBytes()).isZero();
        assertThat(report.memory().cached()).isZero();
        assertThat(report.memory().free()).isEqualTo(8 * MIB - 112);
        assertThat(report.memory().collections()).isOne();
        assertThat(report.duration()).isGreaterThanOrEqualTo(report.longestPause()).isPositive();
        assertThat(kept.toArray(JAVA_BYTE)).containsOnly(7);
        TaskArena next = pool.openArena(Pools.task());
        MemorySegment fresh = next.allocate(6 * MIB);
        assertThat(fresh.mismatch(MemorySegment.ofArray(new byte[(int) (6 * MIB)]))).isEqualTo(-1);
        next.reclaim();
    }

    @Test
    void theMemoryOfAThreadThatCannotBeStoppedIsLeakedUntilItReturns() throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TaskArena[] stuck = new TaskArena[1];
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Boolean> intact =
                    executor.submit(() -> {
                        stuck[0] = pool.openArena(Pools.task());
                        MemorySegment mine = stuck[0].allocate(MIB);
                        mine.fill((byte) 9);
                        holding.countDown();
                        assertThat(release.await(1, TimeUnit.MINUTES)).isTrue();
                        boolean refused = false;
                        try {
                            stuck[0].allocate(8);
                        } catch (IllegalStateException over) {
                            refused = true;
                        }
                        byte[] now = mine.toArray(JAVA_BYTE);
                        boolean same = true;
                        for (byte b : now) {
                            same &= b == 9;
                        }
                        stuck[0].reclaim();
                        return same && refused;
                    });
            assertThat(holding.await(1, TimeUnit.MINUTES)).isTrue();
            pool.quarantine(stuck[0]);
            assertThat(stuck[0].quarantined()).isTrue();
            assertThat(pool.metrics().leaked()).isEqualTo(MIB);
            arena.allocate(7 * MIB).fill((byte) 1);
            assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> arena.allocate(16));
            assertThat(pool.collect(false).reclaimedBytes()).isZero();
            release.countDown();
            assertThat(intact.get(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(pool.metrics().leaked()).isZero();
        assertThat(pool.metrics().used()).isEqualTo(7 * MIB);
    }

    @Test
    void aCollectionTakesBackWhatAnEndedThreadLeft() throws Exception {
        TaskArena left =
                Pools.elsewhere(() -> {
                    TaskArena opened = pool.openArena(Pools.task());
                    opened.allocate(1000);
                    opened.allocate(2000);
                    return opened;
                });
        pool.quarantine(left);
        assertThat(pool.metrics().leaked()).isEqualTo(1008 + 2000);
        assertThat(pool.collect(false).reclaimedBytes()).isEqualTo(1008 + 2000);
        assertThat(pool.metrics().used()).isZero();
        assertThat(pool.metrics().leaked()).isZero();
    }

    @Test
    void aClosedPoolKeepsLiveBlocksUntilTheirTaskEnds() {
        MemorySegment segment = arena.allocate(8);
        pool.close();
        segment.set(JAVA_LONG, 0, 42);
        assertThat(segment.get(JAVA_LONG, 0)).isEqualTo(42);
        assertThatIllegalStateException().isThrownBy(() -> arena.allocate(8));
        assertThatIllegalStateException().isThrownBy(() -> pool.useStrategy(Strategies.another()));
        arena.reclaim();
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.openArena(Pools.task()).allocate(8));
        pool.close();
        assertThat(pool.collect(true).reclaimedBytes()).isZero();
    }

    private static DomainPool openOn(MachineMemory machine, long bytes) {
        return new DomainPool(Pools.DOMAIN, bytes, (a, b, c, d) -> {}, machine, System::nanoTime);
    }
}
