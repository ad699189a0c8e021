// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.spicetime.runtime.core.memory.swap.SwappedPool.MIB;
import static org.spicetime.runtime.core.memory.swap.SwappedPool.owner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.handle.BlockState;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Movable;

class PoolSwapTest {
    private static final int BLOCK = 64 << 10;
    private static final int RESIDENT = 4 * MIB / BLOCK;

    private final AtomicLong ahead = new AtomicLong();
    private final FaultyChannel channel = new FaultyChannel();
    private final SwappedPool pool =
            new SwappedPool(4 * MIB, () -> System.nanoTime() + ahead.get());
    private final HandleOwner owner = owner(50);
    private final List<Movable> blocks = new ArrayList<>();

    @BeforeEach
    void configure() {
        pool.swap.configure(SwapPolicy.CLOCK, 16 * MIB, () -> channel);
    }

    @AfterEach
    void everythingComesBack() {
        channel.failReads(false);
        for (Movable block : blocks) {
            if (block.state() != BlockState.State.FREED) {
                pool.free(block);
            }
        }
        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.swappedBytes()).isZero();
        pool.close();
        assertThat(channel.closed()).isTrue();
    }

    private Movable add(HandleOwner whose, int bytes) {
        Movable block = pool.block(whose, bytes);
        blocks.add(block);
        pool.fill(block, blocks.size());
        return block;
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            add(owner, BLOCK);
        }
    }

    private void assertAllThere() {
        for (int i = 0; i < blocks.size(); i++) {
            assertThat(pool.pattern(blocks.get(i))).isEqualTo(i + 1);
        }
    }

    private static boolean swapped(Movable block) {
        return block.state() == BlockState.State.SWAPPED;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aWorkingSetLargerThanThePoolIsHeldUnderEveryPolicy(SwapPolicy policy) {
        pool.swap.configure(policy, 16 * MIB, () -> channel);
        add(3 * RESIDENT);
        assertThat(pool.usedBytes()).isLessThanOrEqualTo(4 * MIB);
        assertThat(pool.usedBytes() + pool.swappedBytes()).isEqualTo(3L * RESIDENT * BLOCK);
        assertThat(pool.heldBytes(owner)).isEqualTo(3L * RESIDENT * BLOCK);
        assertAllThere();
        assertAllThere();
        assertThat(pool.usedBytes() + pool.swappedBytes()).isEqualTo(3L * RESIDENT * BLOCK);
        assertThat(pool.swap.swapIns()).isGreaterThanOrEqualTo(2L * RESIDENT);
    }

    @Test
    void blocksOfAllSizesAreExchanged() {
        int[] sizes = {4096, 5000, 70_000, 300_000, 1_000_000};
        for (int i = 0; i < 40; i++) {
            add(owner, sizes[i % sizes.length]);
        }
        assertAllThere();
        assertAllThere();
    }

    @Test
    void smallBlocksAndThoseOfTasksWithMemoryKeptForThemStay() {
        HandleOwner keeper = owner(0);
        assertThat(pool.reserve(keeper, MIB)).isTrue();
        Movable kept = add(keeper, BLOCK);
        Movable small = add(owner, 4095);
        add(10);
        pool.swap.swapOut(Long.MAX_VALUE);
        assertThat(swapped(kept)).isFalse();
        assertThat(swapped(small)).isFalse();
        assertThat(pool.swappedBytes()).isEqualTo(10 * BLOCK);
        assertAllThere();
    }

    @Test
    void pinnedBlocksStayWhereTheyAre() {
        add(4);
        pool.pin(blocks.get(2));
        assertThat(pool.swap.swapOut(Long.MAX_VALUE)).isEqualTo(3 * BLOCK);
        assertThat(swapped(blocks.get(2))).isFalse();
        blocks.get(2).unpin();
        assertAllThere();
    }

    @Test
    void asManyBytesGoAsAreAskedForAndWholeBlocks() {
        add(4);
        assertThat(pool.swap.swapOut(1)).isEqualTo(BLOCK);
        assertThat(pool.swap.swapOut(BLOCK + 1)).isEqualTo(2 * BLOCK);
        assertThat(pool.swap.swapOut(10 * MIB)).isEqualTo(BLOCK);
        assertThat(pool.swap.swapOut(1)).isZero();
        assertAllThere();
    }

    @Test
    void whenAllIsPinnedAPinOfASwappedBlockIsRefusedAndNobodyWaitsForEver() {
        add(RESIDENT + 1);
        List<Movable> pinned = new ArrayList<>();
        for (Movable block : blocks) {
            if (!swapped(block)) {
                pool.pin(block);
                pinned.add(block);
            }
        }
        Movable out = blocks.stream().filter(PoolSwapTest::swapped).findFirst().orElseThrow();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.pin(out))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE);
                    assertThat(refused.details())
                            .containsEntry("reason", "ALL_PINNED")
                            .containsKey("available");
                });
        assertThat(swapped(out)).isTrue();
        pinned.forEach(Movable::unpin);
        assertAllThere();
    }

    @Test
    void theLimitOfTheFileIsALimitOfThePool() {
        pool.swap.configure(SwapPolicy.CLOCK, MIB, () -> channel);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> add(10 * RESIDENT))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE));
        int most = MIB - 2 * BLOCK;
        assertThat(pool.swappedBytes()).isEqualTo(most);
        assertThat(pool.swap.failure()).isNull();
        assertThat(pool.failures).isEmpty();
        assertAllThere();
        assertAllThere();
        pool.swap.configure(SwapPolicy.CLOCK, 2 * MIB, () -> channel);
        add(MIB / BLOCK);
        assertThat(pool.swappedBytes()).isEqualTo(most + MIB);
        assertAllThere();
    }

    @Test
    void aFullDiskLosesNothingAndSwitchesSwappingOffUntilItIsSetAgain() {
        channel.full(4 * MIB);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> add(10 * RESIDENT))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE));
        assertThat(pool.failures)
                .singleElement()
                .asString()
                .contains("No space left on device", "memory.swapPolicy");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.swap.swapOut(1))
                .satisfies(refused ->
                        assertThat(refused.details()).containsEntry("reason", "SWAP_UNAVAILABLE"));
        assertAllThere();
        assertAllThere();
        channel.full(Long.MAX_VALUE);
        assertThat(pool.swap.makeRoom(1)).isZero();
        pool.swap.configure(SwapPolicy.CLOCK, 16 * MIB, () -> channel);
        assertThat(pool.swap.failure()).isNull();
        add(RESIDENT);
        assertAllThere();
        assertThat(pool.failures).hasSize(1);
    }

    @Test
    void aBlockWhoseWriteFailsHalfwayIsStillInThePool() {
        add(RESIDENT);
        channel.full(SwapFile.FRAME_BYTES / 2);
        assertThat(pool.swap.makeRoom(1)).isZero();
        assertThat(blocks).noneMatch(PoolSwapTest::swapped);
        assertThat(pool.swappedBytes()).isZero();
        assertAllThere();
    }

    @Test
    void anErrorOfTheDeviceOnWritingSwitchesSwappingOff() {
        add(RESIDENT);
        channel.failWrites(true);
        assertThat(pool.swap.makeRoom(1)).isZero();
        assertThat(pool.failures).singleElement().asString().contains("Input/output error");
        channel.failWrites(false);
        assertThat(pool.swap.makeRoom(1)).isZero();
        assertAllThere();
    }

    @Test
    void anErrorOfTheDeviceOnReadingIsThatPinsAndTheBlockIsReadLater() {
        add(4);
        pool.swap.swapOut(BLOCK);
        Movable out = blocks.stream().filter(PoolSwapTest::swapped).findFirst().orElseThrow();
        long used = pool.usedBytes();
        channel.failReads(true);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.pin(out))
                .satisfies(refused ->
                        assertThat(refused.details()).containsEntry("reason", "SWAP_UNREADABLE"));
        assertThat(swapped(out)).isTrue();
        assertThat(pool.usedBytes()).isEqualTo(used);
        channel.failReads(false);
        assertAllThere();
    }

    @Test
    void aFlippedBitFailsThePinOfThatBlockOnly() {
        add(8);
        pool.swap.swapOut(Long.MAX_VALUE);
        channel.flip(3 * BLOCK + 17);
        List<Integer> damaged = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            try {
                assertThat(pool.pattern(blocks.get(i))).isEqualTo(i + 1);
            } catch (RefusedException refused) {
                damaged.add(i);
                assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                assertThat(refused.details())
                        .containsEntry("reason", "SWAP_DAMAGED")
                        .containsEntry("scope", "task");
            }
        }
        assertThat(damaged).containsExactly(3);
        assertThat(pool.damages).singleElement().asString().contains("damaged");
        assertThat(pool.swap.failure()).isNull();
        assertThat(pool.heldBytes(owner)).isEqualTo(8 * BLOCK);
    }

    @Test
    void underNoneNothingGoesAndWhatIsOutComesBack() {
        add(4);
        pool.swap.swapOut(Long.MAX_VALUE);
        pool.swap.configure(SwapPolicy.NONE, 16 * MIB, () -> channel);
        assertThat(pool.swap.makeRoom(1)).isZero();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> pool.swap.swapOut(1))
                .satisfies(
                        refused -> assertThat(refused.code()).isEqualTo(RequestErrorCode.CONFLICT));
        assertAllThere();
        assertThat(pool.swappedBytes()).isZero();
        pool.swap.configure(SwapPolicy.NONE, 16 * MIB, () -> channel);
        assertThat(channel.length()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void thePolicyChangesWhileBlocksAreOut(SwapPolicy policy) {
        add(2 * RESIDENT);
        pool.swap.configure(policy, 16 * MIB, () -> channel);
        assertThat(pool.swap.policy()).isEqualTo(policy);
        assertAllThere();
        pool.swap.configure(SwapPolicy.CLOCK, 16 * MIB, () -> channel);
        assertAllThere();
    }

    @Test
    void aFileThatCannotBeMadeIsRefusedAndChangesNothing() {
        SwappedPool other = new SwappedPool(4 * MIB, System::nanoTime);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() ->
                        other.swap.configure(
                                SwapPolicy.LRU,
                                MIB,
                                () -> {
                                    throw new IOException("Read-only file system");
                                }))
                .withMessageContaining("Read-only file system")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("reason", "SWAP_UNAVAILABLE")
                            .containsEntry("requested", (long) MIB);
                });
        assertThat(other.swap.policy()).isEqualTo(SwapPolicy.NONE);
        other.close();
    }

    @Test
    void underPriorityTheBlocksOfUrgentTasksStay() {
        pool.swap.configure(SwapPolicy.PRIORITY, 16 * MIB, () -> channel);
        HandleOwner urgent = owner(90);
        List<Movable> hers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            hers.add(add(urgent, BLOCK));
        }
        add(2 * RESIDENT);
        assertThat(hers).noneMatch(PoolSwapTest::swapped);
    }

    @Test
    void aPoolThatOnlyExchangesBlocksGivesNewOnesNoRoomUntilItHasCalmedDown() {
        add(2 * RESIDENT);
        for (int second = 0; second < 2 * ThrashGuard.WINDOW_SECONDS; second++) {
            assertAllThere();
            ahead.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(pool.swap.thrashing()).isTrue();
        assertThat(pool.thrashing).containsExactly(true);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> add(owner, BLOCK))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE));
        assertAllThere();
        ahead.addAndGet(TimeUnit.SECONDS.toNanos(ThrashGuard.WINDOW_SECONDS + 1));
        assertThat(pool.swap.thrashing()).isFalse();
        assertThat(pool.thrashing).containsExactly(true, false);
        add(1);
        assertAllThere();
    }
}
