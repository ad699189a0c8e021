// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.PressureLevel;

@Timeout(60)
final class TaskReservationsTest {
    private final DomainPool pool = Pools.open(8 * MIB);
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        others.shutdownNow();
        pool.close();
    }

    private TaskArena reserve(long bytes) throws InterruptedException {
        return pool.reservations().openArena(Pools.task(), bytes);
    }

    private void untilWaiting(int tasks) {
        while (pool.reservations().waiting() != tasks) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void whatIsKeptForATaskNobodyElseGets() throws Exception {
        TaskArena kept = reserve(6 * MIB);
        TaskArena other = pool.openArena(Pools.task());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> other.allocate(3 * MIB))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE);
                    assertThat(refused.details())
                            .containsEntry("requested", 3 * MIB)
                            .containsEntry("available", 2 * MIB)
                            .containsEntry("used", 0L);
                });
        other.allocate(2 * MIB);
        kept.allocate(5 * MIB);
        kept.allocate(MIB);
        assertThat(pool.metrics().used()).isEqualTo(8 * MIB);
        kept.reclaim();
        other.allocate(6 * MIB);
        other.reclaim();
        assertThat(pool.metrics().used()).isZero();
    }

    @Test
    void aTaskCannotHoldMoreThanWasKeptForIt() throws Exception {
        TaskArena kept = reserve(2 * MIB);
        kept.allocate(MIB);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> kept.allocate(MIB + 1))
                .withMessageContaining("schedule it with more memory")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("scope", "task")
                            .containsEntry("limit", 2 * MIB)
                            .containsEntry("used", MIB)
                            .containsEntry("available", MIB)
                            .containsEntry("requested", MIB + 1);
                });
        kept.allocate(MIB);
        kept.reclaim();
    }

    @Test
    void moreThanThePoolHasIsRefusedAtOnce() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> reserve(8 * MIB + 1))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", 8 * MIB + 1)
                            .containsEntry("available", 8 * MIB);
                });
    }

    @Test
    void whoHasToWaitIsServedInTurnAndSmallOnesDoNotOvertake() throws Exception {
        TaskArena first = reserve(5 * MIB);
        List<String> order = new ArrayList<>();
        Future<?> large = waiting("large", 6 * MIB, order);
        untilWaiting(1);
        Future<?> small = waiting("small", 3 * MIB, order);
        untilWaiting(2);
        assertThat(order).isEmpty();
        assertThat(pool.waits().waitedNanos()).isPositive();
        first.reclaim();
        large.get(30, TimeUnit.SECONDS);
        small.get(30, TimeUnit.SECONDS);
        assertThat(order).containsExactly("large", "small");
        assertThat(pool.reservations().waiting()).isZero();
    }

    private Future<?> waiting(String name, long bytes, List<String> order) {
        return others.submit(() -> {
            TaskArena arena = reserve(bytes);
            synchronized (order) {
                order.add(name);
            }
            arena.reclaim();
            return name;
        });
    }

    @Test
    void anInterruptEndsTheWaitAndLetsTheNextOneIn() throws Exception {
        TaskArena first = reserve(5 * MIB);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<?> cancelled =
                others.submit(() -> {
                    thread.complete(Thread.currentThread());
                    return reserve(6 * MIB);
                });
        untilWaiting(1);
        Future<?> next = waiting("next", 3 * MIB, new ArrayList<>());
        untilWaiting(2);
        thread.get().interrupt();
        assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo("next");
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> cancelled.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        first.reclaim();
        assertThat(pool.reservations().waiting()).isZero();
    }

    @Test
    void aGrantCannotTakeAwayWhatIsKeptAndASmallerOneEndsWaitsThatAreInVain() throws Exception {
        TaskArena first = reserve(5 * MIB);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> pool.cap(4 * MIB));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> pool.resize(4 * MIB));
        Future<?> inVain = waiting("in vain", 7 * MIB, new ArrayList<>());
        untilWaiting(1);
        pool.cap(6 * MIB);
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> inVain.get(30, TimeUnit.SECONDS))
                .withCauseInstanceOf(RefusedException.class);
        first.reclaim();
    }

    @Test
    void theEndOfThePoolEndsTheWait() throws Exception {
        TaskArena first = reserve(5 * MIB);
        Future<?> late = waiting("late", 6 * MIB, new ArrayList<>());
        untilWaiting(1);
        pool.close();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> late.get(30, TimeUnit.SECONDS))
                .withMessageContaining("is closed");
        first.reclaim();
    }

    @Test
    void aQuarantinedTaskKeepsWhatItHoldsAndNothingMore() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<TaskArena> stuck = new CompletableFuture<>();
        Future<?> thread =
                others.submit(() -> {
                    TaskArena arena = reserve(6 * MIB);
                    arena.allocate(2 * MIB);
                    stuck.complete(arena);
                    ready.countDown();
                    go.await();
                    arena.reclaim();
                    return null;
                });
        ready.await();
        pool.quarantine(stuck.get());
        TaskArena other = reserve(6 * MIB);
        other.reclaim();
        go.countDown();
        thread.get(30, TimeUnit.SECONDS);
        assertThat(pool.metrics().used()).isZero();
        reserve(8 * MIB).reclaim();
    }

    @Test
    void underLoadNoReservationIsBrokenAndAllIsGivenBack(TestReporter reporter) throws Exception {
        long seed = Pools.seed();
        reporter.publishEntry("test.seed", Long.toString(seed));
        AtomicLong refused = new AtomicLong();
        List<Future<?>> workers = new ArrayList<>();
        for (int worker = 0; worker < 6; worker++) {
            Random random = new Random(seed + worker);
            workers.add(
                    others.submit(() -> {
                        for (int task = 0; task < 300; task++) {
                            long bytes = (1L + random.nextInt(64)) << 16;
                            if (random.nextInt(4) == 0) {
                                TaskArena free = pool.openArena(Pools.task());
                                try {
                                    free.allocate(bytes);
                                } catch (RefusedException full) {
                                    refused.incrementAndGet();
                                }
                                free.reclaim();
                            } else {
                                TaskArena kept = reserve(bytes);
                                for (long piece = bytes; piece > 0; piece -= 1 << 16) {
                                    // First fit in a pool of equal pieces is never fragmented.
                                    kept.allocate(1 << 16);
                                }
                                kept.reclaim();
                            }
                        }
                        return null;
                    }));
        }
        for (Future<?> worker : workers) {
            worker.get(50, TimeUnit.SECONDS);
        }
        assertThat(pool.metrics().used()).as("seed %d", seed).isZero();
        assertThat(pool.reservations().waiting()).isZero();
        reserve(8 * MIB).reclaim();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 0.79, NONE",
        "NONE, 0.80, LOW",
        "LOW, 0.76, LOW",
        "LOW, 0.74, NONE",
        "NONE, 0.99, CRITICAL",
        "CRITICAL, 0.93, CRITICAL",
        "CRITICAL, 0.91, HIGH",
        "CRITICAL, 0.86, HIGH",
        "HIGH, 0.84, LOW",
        "HIGH, 0.10, NONE"
    })
    void aLevelOfPressureEndsClearlyBelowWhereItBegan(
            PressureLevel before, double share, PressureLevel after) {
        assertThat(before.next(share)).isEqualTo(after);
    }
}
