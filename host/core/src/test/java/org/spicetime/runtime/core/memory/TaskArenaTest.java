// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskArenaTest {
    private final DomainPool pool = Pools.open(8 * MIB);
    private final TaskArena arena = pool.openArena(Pools.task());

    @AfterEach
    void nothingIsLeftOver() {
        arena.reclaim();
        assertThat(pool.metrics().used()).isZero();
        pool.close();
    }

    @Test
    void anyCodeThatTakesAnArenaCanUseIt() {
        MemorySegment text = arena.allocateFrom("domain");
        MemorySegment numbers = arena.allocateFrom(JAVA_LONG, 1, 2, 3);
        assertThat(text.getString(0)).isEqualTo("domain");
        assertThat(numbers.getAtIndex(JAVA_LONG, 2)).isEqualTo(3);
        assertThat(arena.scope().isAlive()).isTrue();
        assertThat(text.scope()).isEqualTo(arena.scope());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 16, 4096, 1 << 20})
    void addressesAreAligned(long align) {
        assertThat(arena.allocate(1, 1).byteSize()).isOne();
        assertThat(arena.allocate(33, align).address() % align).isZero();
    }

    @Test
    void aSegmentOfSizeZeroIsEmptyAndCountsAsOneGranule() {
        assertThat(arena.allocate(0, 1).byteSize()).isZero();
        assertThat(arena.usedBytes()).isEqualTo(16);
    }

    @Test
    void argumentsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> arena.allocate(-1, 1));
        for (long align : new long[] {0, -8, 3, 2 * MIB}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> arena.allocate(8, align))
                    .withMessageContaining("power of two");
        }
        assertThat(arena.usedBytes()).isZero();
    }

    @Test
    void accessOutOfBoundsIsNoticedThoughTheBlockIsLarger() {
        MemorySegment segment = arena.allocate(9, 1);
        assertThat(arena.usedBytes()).isEqualTo(16);
        segment.set(JAVA_BYTE, 8, (byte) 1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> segment.set(JAVA_BYTE, 9, (byte) 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> segment.get(JAVA_BYTE, -1));
    }

    @Test
    void anotherThreadCanNeitherAllocateNorAccessNorReclaim() throws Exception {
        MemorySegment segment = arena.allocate(8);
        List<Class<?>> thrown =
                Pools.elsewhere(() -> {
                    List<Class<?>> seen = new ArrayList<>();
                    List<Runnable> attempts =
                            List.of(
                                    () -> arena.allocate(8),
                                    () -> segment.get(JAVA_BYTE, 0),
                                    arena::reclaim);
                    for (Runnable attempt : attempts) {
                        try {
                            attempt.run();
                        } catch (RuntimeException refused) {
                            seen.add(refused.getClass());
                        }
                    }
                    return seen;
                });
        assertThat(thrown).hasSize(3).containsOnly(WrongThreadException.class);
        assertThat(arena.usedBytes()).isEqualTo(16);
    }

    @Test
    void useAfterTheEndIsNoticed() {
        MemorySegment segment = arena.allocate(8);
        assertThat(arena.reclaim()).isEqualTo(new ReclaimReport(16, 1));
        assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
        assertThatIllegalStateException().isThrownBy(() -> arena.allocate(8));
        assertThat(arena.scope().isAlive()).isFalse();
        assertThat(arena.reclaim()).isEqualTo(new ReclaimReport(0, 0));
    }

    @Test
    void aHandlerCannotCloseIt() {
        MemorySegment segment = arena.allocate(8);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(arena::close);
        segment.set(JAVA_BYTE, 0, (byte) 1);
        assertThat(arena.usedBytes()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 4096, 5000, 3 << 20})
    void memoryOfAnEndedTaskReadsAsZeroToTheNext(long size) {
        for (int round = 0; round < 3; round++) {
            TaskArena task = pool.openArena(Pools.task());
            task.allocate(24 + round * 1000L);
            MemorySegment segment = task.allocate(size, 1);
            assertThat(segment.mismatch(arenaOfZeroes(size))).isEqualTo(-1);
            segment.fill((byte) 0xEE);
            task.reclaim();
        }
    }

    @Test
    void thePeakIsTheMostItHeldAtOnce() {
        arena.allocate(1000);
        arena.allocate(24);
        assertThat(arena.peakBytes()).isEqualTo(1008 + 32);
        arena.reclaim();
        assertThat(arena.peakBytes()).isEqualTo(1008 + 32);
        assertThat(arena.usedBytes()).isZero();
    }

    private static MemorySegment arenaOfZeroes(long size) {
        return MemorySegment.ofArray(new byte[(int) size]);
    }
}
