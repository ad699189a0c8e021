// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.GcConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.Lease;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.SharedBlock;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.core.memory.handle.AllocationSites;
import org.spicetime.runtime.core.memory.handle.BlockState;
import org.spicetime.runtime.core.memory.handle.Leak;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.core.memory.handle.SharedBlocks;
import org.spicetime.runtime.core.memory.handle.SwapSpace;
import org.spicetime.runtime.core.memory.handle.TaskHandles;

class TaskHandlesTest {
    private static final long MIB = 1L << 20;
    private static final Random RANDOM = new Random(1);

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final DomainPool pool =
            new DomainPool(
                    DomainId.of("handles"),
                    4 * MIB,
                    (reason, message, report, time) -> {
                        throw new AssertionError(message);
                    },
                    Pools.UNKNOWN,
                    clock::get);
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final TaskArena task = task();
    private final TaskHandles memory = task.handles(5);

    private TaskArena task() {
        return pool.openArena(TaskId.of(Instant.EPOCH, RANDOM));
    }

    @AfterEach
    void close() {
        task.reclaim();
        other.shutdownNow();
        assertThat(used()).isZero();
        pool.close();
    }

    private long used() {
        return pool.metrics().used();
    }

    private static void write(MemorySegment segment, long value) {
        segment.set(ValueLayout.JAVA_LONG, 0, value);
    }

    private static long read(MemorySegment segment) {
        return segment.get(ValueLayout.JAVA_LONG, 0);
    }

    private void configure(GcStrategy strategy, LeakAction onTaskEnd) {
        pool.handles()
                .configure(
                        new GcConfig(
                                strategy, 0.8, Duration.ZERO, Duration.ZERO, false, onTaskEnd));
    }

    @Test
    void anArenaGivesItsBlocksBackWhenItIsClosed() {
        MemorySegment kept = task.allocate(64, 8);
        long before = used();
        MemorySegment segment;
        try (Arena arena = memory.openArena()) {
            segment = arena.allocate(10_000, 64);
            for (int i = 0; i < 100; i++) {
                arena.allocate(i, 1);
            }
            write(segment, 7);
            assertThat(segment.address() % 64).isZero();
            assertThat(used()).isGreaterThan(before + 10_000);
        }
        assertThat(used()).isEqualTo(before);
        assertThatThrownBy(() -> read(segment)).isInstanceOf(IllegalStateException.class);
        write(kept, 1);
    }

    @Test
    void aClosedArenaGivesNothingAndIsNotClosedTwice() {
        Arena arena = memory.openArena();
        arena.close();
        assertThatThrownBy(() -> arena.allocate(8)).hasMessageContaining("closed already");
        assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLeaseIsHandedFromThreadToThreadAndReadsAsZeroAtFirst() throws Exception {
        try (Arena dirty = memory.openArena()) {
            dirty.allocate(4096).fill((byte) 1);
        }
        Lease lease = memory.lease(4096, 64);
        try (Pin pin = lease.pin()) {
            assertThat(pin.segment().byteSize()).isEqualTo(4096);
            assertThat(pin.segment().address() % 64).isZero();
            assertThat(pin.segment().mismatch(MemorySegment.ofArray(new byte[4096]))).isEqualTo(-1);
            write(pin.segment(), 42);
        }
        long seen =
                other.submit(
                                () -> {
                                    try (Pin pin = lease.pin()) {
                                        return read(pin.segment());
                                    }
                                })
                        .get();
        assertThat(seen).isEqualTo(42);
        lease.close();
        assertThat(used()).isZero();
    }

    @Test
    void everyMisuseOfALeaseThrowsAndChangesNothing() throws Exception {
        Lease lease = memory.lease(100, 1);
        Pin pin = lease.pin();
        MemorySegment segment = pin.segment();
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 100))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(lease::pin).hasMessageContaining("one user at a time");
        assertThatThrownBy(lease::close).hasMessageContaining("close the pin first");
        assertThatThrownBy(() -> other.submit(() -> segment.get(ValueLayout.JAVA_BYTE, 0)).get())
                .hasCauseInstanceOf(WrongThreadException.class);
        assertThatThrownBy(() -> other.submit(pin::close).get())
                .hasCauseInstanceOf(WrongThreadException.class);
        pin.close();
        assertThatThrownBy(pin::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        lease.close();
        assertThatThrownBy(lease::close).hasMessageContaining("closed already");
        assertThatThrownBy(lease::pin).hasMessageContaining("closed already");
        assertThat(used()).isZero();
    }

    @Test
    void sizesAndAlignmentsThatAreNoneAreRefused() {
        for (long bytes : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> memory.lease(bytes, 8))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo(RequestErrorCode.BAD_USER_INPUT));
        }
        for (long alignment : new long[] {0, -8, 3, 1L << 40}) {
            assertThatThrownBy(() -> memory.movable(8, alignment))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("alignment");
        }
        for (long bytes : new long[] {5 * MIB, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> memory.share(bytes, 8))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED));
        }
        assertThatThrownBy(() -> memory.movable(8, 8, Duration.ZERO, TaskMemory.NO_WAIT))
                .hasMessageContaining("pinDeadline");
        assertThat(used()).isZero();
    }

    @Test
    void onlyTheThreadOfTheHandlerTakesMemory() {
        assertThatThrownBy(() -> other.submit(() -> memory.lease(8, 8)).get())
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> other.submit(memory::openArena).get())
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSharedBlockLivesUntilItsLastHoldIsClosed() {
        TaskArena second = task();
        SharedBlock mine = memory.share(1000, 8);
        try (Pin pin = mine.pin()) {
            write(pin.segment(), 5);
        }
        assertThat(task.usedBytes()).isZero();
        SharedBlock theirs = second.handles(0).attach(mine.id());
        mine.close();
        assertThat(used()).isPositive();
        try (Pin pin = theirs.pin()) {
            assertThat(read(pin.segment())).isEqualTo(5);
        }
        theirs.close();
        assertThat(used()).isZero();
        assertThatThrownBy(() -> memory.attach(mine.id()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.code()).isEqualTo(RequestErrorCode.NOT_FOUND));
        second.reclaim();
    }

    @Test
    void anotherDomainDoesNotFindASharedBlockByItsId() {
        SharedBlock mine = memory.share(8, 8);
        DomainPool foreign =
                DomainPool.open(DomainId.of("foreign"), 4 * MIB, (reason, message, r, t) -> {});
        TaskArena theirs = foreign.openArena(TaskId.of(Instant.EPOCH, RANDOM));
        assertThatThrownBy(() -> theirs.handles(0).attach(mine.id()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("lives in domain foreign");
        assertThatThrownBy(() -> theirs.handles(0).attach("../secrets"))
                .hasMessageContaining("hexadecimal")
                .hasMessageNotContaining("secrets");
        theirs.reclaim();
        foreign.close();
    }

    @Test
    void aHoldThatATaskLeavesBehindEndsWithItUnderNone() {
        TaskArena leaver = task();
        SharedBlock left = leaver.handles(0).share(1000, 8);
        leaver.reclaim();
        assertThat(leaver.leak()).isEmpty();
        assertThat(used()).isZero();
        assertThatThrownBy(left::pin).hasMessageContaining("is over");
    }

    @Test
    void aHoldThatATaskLeavesBehindLastsForItsLeaseUnderReferenceCounting() {
        configure(GcStrategy.REFERENCE_COUNTING, LeakAction.RECLAIM);
        TaskArena leaver = task();
        String id = leaver.handles(0).share(1000, 8).id();
        leaver.reclaim();
        assertThat(pool.collect(false).reclaimedBytes()).isZero();
        SharedBlock found = memory.attach(id);
        clock.addAndGet(SharedBlocks.LEASE.toNanos());
        assertThat(pool.collect(false).reclaimedBytes()).isZero();
        found.close();
        assertThat(used()).isZero();
    }

    @Test
    void aCollectionFreesWhatNobodyHoldsWhenTheLeaseHasRunOut() {
        configure(GcStrategy.INCREMENTAL, LeakAction.RECLAIM);
        TaskArena leaver = task();
        leaver.handles(0).share(1024, 8);
        leaver.reclaim();
        assertThat(used()).isEqualTo(1024);
        clock.addAndGet(SharedBlocks.LEASE.toNanos());
        assertThat(pool.collect(false).reclaimedBytes()).isEqualTo(1024);
        assertThat(used()).isZero();
    }

    @Test
    void aMovableBlockIsFoundByItsBlockAndSurvivesAMove() {
        MovableBlock block = memory.movable(4096, 16);
        Movable movable = pool.handles().movables().all().iterator().next();
        assertThat(pool.handles().movables().find(movable.block())).contains(movable);
        assertThat(movable.owner().task()).isEqualTo(task.task());
        assertThat(movable.owner().priority()).isEqualTo(5);
        long address;
        try (Pin pin = block.pin()) {
            address = pin.segment().address();
            assertThat(movable.tryFreeze()).isFalse();
        }
        assertThat(movable.tryFreeze()).isTrue();
        movable.moved(movable.offset() + 8192);
        movable.thaw();
        try (Pin pin = block.pin()) {
            assertThat(pin.segment().address()).isEqualTo(address + 8192);
        }
        block.close();
        assertThat(pool.handles().movables().size()).isZero();
        assertThat(used()).isZero();
    }

    @Test
    void aSwappedBlockIsBroughtBackByAPinAndItsSlotIsDiscardedWhenItIsFreed() {
        MovableBlock block = memory.movable(4096, 16);
        MovableBlock dropped = memory.movable(4096, 16);
        try (Pin pin = block.pin()) {
            write(pin.segment(), 9);
        }
        Drawer drawer = new Drawer(pool);
        pool.handles().movables().swapSpace(drawer);
        pool.handles().movables().all().forEach(drawer::out);
        assertThat(used()).isZero();
        try (Pin pin = block.pin()) {
            assertThat(read(pin.segment())).isEqualTo(9);
        }
        dropped.close();
        assertThat(drawer.discarded).isEqualTo(1);
        block.close();
        assertThat(used()).isZero();
    }

    /** A swap file of its own kind: one page on the heap. */
    @SuppressWarnings("restricted")
    private static final class Drawer implements SwapSpace {
        private final DomainPool pool;
        private final Map<Movable, byte[]> kept = new HashMap<>();
        private int discarded;

        Drawer(DomainPool pool) {
            this.pool = pool;
        }

        void out(Movable movable) {
            assertThat(movable.tryFreeze()).isTrue();
            MemorySegment bytes =
                    MemorySegment.ofAddress(pool.mapped().base() + movable.offset())
                            .reinterpret(movable.byteSize());
            kept.put(movable, bytes.toArray(ValueLayout.JAVA_BYTE));
            pool.handles().movables().leaves(movable);
            long block = movable.block();
            movable.left(1);
            movable.swappedOut();
            pool.release(block);
        }

        @Override
        public void bringBack(Movable movable) {
            assertThat(movable.tryRecall()).isTrue();
            long id = pool.openPlan().allocate(movable.owner().account(), movable.byteSize(), 16);
            long offset = pool.openPlan().offset(id);
            MemorySegment.ofAddress(pool.mapped().base() + offset)
                    .reinterpret(movable.byteSize())
                    .copyFrom(MemorySegment.ofArray(kept.remove(movable)));
            movable.cameBack(id, offset);
            pool.handles().movables().returned(movable);
            movable.thaw();
        }

        @Override
        public void discard(Movable handle) {
            assertThat(handle.state()).isEqualTo(BlockState.State.FREED);
            discarded++;
        }
    }

    @Test
    void pinsBeyondTheirDeadlineAreListedOldestFirst() throws Exception {
        MovableBlock block = memory.movable(100, 8, Duration.ofMillis(10), TaskMemory.NO_WAIT);
        Instant now = Instant.ofEpochSecond(1000);
        try (Pin first = block.pin()) {
            clock.addAndGet(Duration.ofMillis(10).toNanos());
            try (Pin second = block.pin()) {
                assertThat(pool.handles().overduePins(now)).isEmpty();
                clock.addAndGet(1_000_000);
                assertThat(pool.handles().overduePins(now))
                        .containsExactly(
                                new MemoryMap.OverduePin(task.task(), 100, now.minusMillis(11)));
                clock.addAndGet(Duration.ofMillis(10).toNanos());
                assertThat(pool.handles().overduePins(now))
                        .extracting(MemoryMap.OverduePin::since)
                        .containsExactly(now.minusMillis(21), now.minusMillis(11));
                assertThat(second.segment().address()).isEqualTo(first.segment().address());
            }
        }
        assertThat(pool.handles().overduePins(now)).isEmpty();
    }

    @Test
    void whatATaskLeavesOpenIsReclaimedAndToldWithItsPlaces() {
        configure(GcStrategy.NONE, LeakAction.WARN);
        pool.handles().sites().level(AllocationSites.Level.ALL);
        TaskArena leaver = task();
        TaskHandles left = leaver.handles(0);
        left.openArena().allocate(100);
        Lease lease = left.lease(200, 8);
        Pin pin = lease.pin();
        left.lease(300, 8).close();
        left.movable(400, 8);
        left.share(500, 8);
        leaver.allocate(600);
        leaver.reclaim();
        Leak leak = leaver.leak().orElseThrow();
        assertThat(leak.handles()).isEqualTo(3);
        assertThat(leak.bytes()).isEqualTo(700);
        assertThat(leak.kinds())
                .containsOnlyKeys("arenas", "leases", "movable blocks")
                .containsEntry("leases", 1);
        assertThat(leak.message()).contains("3 of its handles").contains("700 bytes");
        assertThat(used()).isZero();
        assertThatThrownBy(() -> read(pin.segment())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lease::pin).hasMessageContaining("is over");
        assertThatThrownBy(() -> left.lease(8, 8)).hasMessageContaining("is over");
        assertThat(pool.handles().movables().size()).isZero();
        assertThat(leaver.reclaim()).isEqualTo(new ReclaimReport(0, 0));
    }

    @Test
    void whoClosesEverythingLeaksNothing() {
        TaskArena tidy = task();
        TaskHandles handles = tidy.handles(0);
        handles.openArena().close();
        handles.lease(8, 8).close();
        handles.movable(8, 8).close();
        tidy.allocate(100);
        tidy.reclaim();
        assertThat(tidy.leak()).isEmpty();
        assertThat(used()).isZero();
    }

    @Test
    void aBlockThatAnotherThreadHasPinnedIsKeptBackUntilItUnpins() throws Exception {
        TaskArena leaver = task();
        Lease lease = leaver.handles(0).lease(1024, 8);
        leaver.handles(0).lease(2048, 8);
        Future<Pin> pinned = other.submit(lease::pin);
        Pin pin = pinned.get();
        leaver.reclaim();
        assertThat(used()).isEqualTo(1024);
        assertThat(pool.metrics().leaked()).isEqualTo(1024);
        assertThat(pool.handles().keptBack()).isEqualTo(1);
        other.submit(() -> write(pin.segment(), 1)).get();
        assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
        other.submit(pin::close).get();
        assertThat(used()).isZero();
        assertThat(pool.metrics().leaked()).isZero();
        assertThat(pool.handles().keptBack()).isZero();
    }

    @Test
    void aBlockThatAThreadHadPinnedWhichEndedIsFreedByACollection() throws Exception {
        TaskArena leaver = task();
        MovableBlock block = leaver.handles(0).movable(1024, 8);
        CountDownLatch pinned = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread holder =
                new Thread(() -> {
                    Pin pin = block.pin();
                    pinned.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        pin.close();
                    }
                });
        holder.start();
        pinned.await();
        leaver.reclaim();
        assertThat(used()).isEqualTo(1024);
        end.countDown();
        holder.join();
        pool.collect(false);
        assertThat(used()).isZero();
    }

    @Test
    void whatAStuckTaskHoldsStaysUntilItReturns() {
        TaskArena stuck = task();
        Lease lease = stuck.handles(0).lease(1024, 8);
        Pin pin = lease.pin();
        pool.quarantine(stuck);
        assertThat(pool.metrics().leaked()).isEqualTo(1024);
        write(pin.segment(), 1);
        pin.close();
        assertThatThrownBy(lease::pin).hasMessageContaining("is over");
        assertThatThrownBy(() -> stuck.handles(0).lease(8, 8)).hasMessageContaining("is over");
        stuck.reclaim();
        assertThat(used()).isZero();
        assertThat(pool.metrics().leaked()).isZero();
    }

    @Test
    void anAllocationWaitsForWhatOthersHoldAndGetsIt() throws Exception {
        Lease most = memory.lease(3 * MIB, 8);
        CountDownLatch ready = new CountDownLatch(1);
        Future<Long> waiter =
                other.submit(() -> {
                    TaskArena second = task();
                    TaskMemory theirs = second.handles(0);
                    assertThatThrownBy(() -> theirs.lease(2 * MIB, 8))
                            .isInstanceOf(RefusedException.class);
                    ready.countDown();
                    try (Lease lease = theirs.lease(2 * MIB, 8, TaskMemory.FOREVER)) {
                        return lease.byteSize();
                    } finally {
                        second.reclaim();
                    }
                });
        ready.await();
        while (pool.reservations().waiting() == 0) {
            Thread.onSpinWait();
        }
        most.close();
        assertThat(waiter.get()).isEqualTo(2 * MIB);
        assertThat(pool.reservations().waiting()).isZero();
    }

    @Test
    void anAllocationThatWaitsIsInterruptedAndOneThatCanNeverBeIsRefusedAtOnce() {
        memory.lease(3 * MIB, 8);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> memory.lease(2 * MIB, 8, TaskMemory.FOREVER))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThatThrownBy(() -> memory.lease(5 * MIB, 8, TaskMemory.FOREVER))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> memory.lease(2 * MIB, 8, TaskMemory.NO_WAIT))
                .isInstanceOf(RefusedException.class);
        assertThat(pool.reservations().waiting()).isZero();
    }
}
