// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.core.memory.handle.BlockState.State;
import org.spicetime.runtime.core.memory.handle.HandleOwner;
import org.spicetime.runtime.core.memory.handle.Movable;
import org.spicetime.runtime.core.memory.handle.Movables;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/** Copying against a clock that goes on by a fixed time at each look. */
final class CopyingMoverTest {
    private static final int KIB = 1 << 10;
    private static final long GOAL = 500_000;

    private final byte[] memory = new byte[4 << 20];
    private final Movables movables = new Movables();
    private final CopyingMover mover = new CopyingMover(movables);
    private long now;
    private long perLook = 1_000;
    private final StepTimer timer = new StepTimer(() -> now += perLook, GOAL);

    private final PoolBytes bytes =
            new PoolBytes() {
                @Override
                public MemorySegment segment() {
                    return MemorySegment.ofArray(memory);
                }

                @Override
                public void written(long offset, long size) {
                    assertThat(offset + size).isLessThanOrEqualTo(memory.length);
                }
            };

    @Test
    void overlappingMovesUpAndDownKeepEveryByte() {
        for (int distance : new int[] {16, 1000, 64 * KIB, 70_000, 300_000}) {
            for (int sign : new int[] {1, -1}) {
                int from = 1 << 20;
                int size = 300_000;
                Movable handle = block(distance + sign, from, size);
                mover.enter(bytes, timer);
                assertThat(mover.move(handle.block(), from, from + sign * distance, size)).isTrue();
                mover.leave();
                assertThat(handle.offset()).isEqualTo(from + sign * distance);
                assertThat(handle.state()).isEqualTo(State.RESIDENT);
                assertHolds(handle, size);
            }
        }
    }

    @Test
    void aStepIsOverWhenItsTimeIs() {
        mover.enter(bytes, timer);
        assertThat(mover.over()).isFalse();
        now += GOAL;
        assertThat(mover.over()).isTrue();
        mover.leave();
        assertThat(timer.longestNanos()).isGreaterThanOrEqualTo(GOAL);
        mover.enter(bytes, timer);
        assertThat(mover.over()).isFalse();
        mover.leave();
        assertThat(timer.steps()).isEqualTo(2);
    }

    @Test
    void aBlockThatDoesNotFitIntoTheRestOfAStepEndsItAndMovesInTheNext() {
        int size = 400 * KIB;
        Movable handle = block(1, 1 << 20, size);
        perLook = 40_000;
        mover.enter(bytes, timer);
        now += GOAL / 2;
        assertThat(mover.move(1, 1 << 20, 0, size)).isFalse();
        assertThat(mover.over()).isTrue();
        mover.leave();
        assertHolds(handle, size);
        mover.enter(bytes, timer);
        assertThat(mover.move(1, 1 << 20, 0, size)).isTrue();
        mover.leave();
        assertThat(handle.offset()).isZero();
        assertHolds(handle, size);
    }

    @Test
    void aBlockThatFitsIntoNoStepStays() {
        int size = 2 << 20;
        Movable handle = block(1, 1 << 20, size);
        perLook = 20_000;
        mover.enter(bytes, timer);
        assertThat(mover.move(1, 1 << 20, 0, size)).isFalse();
        assertThat(mover.over()).isFalse();
        mover.leave();
        assertThat(mover.tooLarge()).isOne();
        assertHolds(handle, size);
    }

    @Test
    void aCopyThatTakesLongerThanExpectedIsGivenUpWhileTheOldPlaceIsWhole() {
        int size = 256 * KIB;
        Movable handle = block(1, 1 << 20, size);
        moveSomethingSmall();
        mover.enter(bytes, timer);
        perLook = 150_000;
        assertThat(mover.move(1, 1 << 20, 0, size)).isFalse();
        mover.leave();
        assertThat(handle.offset()).isEqualTo(1 << 20);
        assertThat(handle.state()).isEqualTo(State.RESIDENT);
        assertHolds(handle, size);
        assertThat(mover.movedBytes()).isEqualTo(8192);
    }

    @Test
    void aCopyThatHasBegunToOverwriteTheOldPlaceIsFinished() {
        int size = 256 * KIB;
        Movable handle = block(1, 1 << 20, size);
        moveSomethingSmall();
        mover.enter(bytes, timer);
        perLook = 150_000;
        assertThat(mover.move(1, 1 << 20, (1 << 20) - 16, size)).isTrue();
        mover.leave();
        assertThat(handle.offset()).isEqualTo((1 << 20) - 16);
        assertHolds(handle, size);
    }

    @Test
    void whatIsPinnedOrUnknownStays() {
        Movable handle = block(1, 4096, 4096);
        assertThat(handle.tryPin()).isEqualTo(State.PINNED);
        mover.enter(bytes, timer);
        assertThat(mover.move(1, 4096, 0, 4096)).isFalse();
        assertThat(mover.move(2, 4096, 0, 4096)).isFalse();
        handle.unpin();
        assertThat(mover.move(1, 4096, 0, 4096)).isTrue();
        mover.leave();
        assertThat(mover.move(1, 0, 4096, 4096)).as("without the lock").isFalse();
        assertThat(mover.over()).isTrue();
        assertHolds(handle, 4096);
    }

    /** So that a speed is known. */
    private void moveSomethingSmall() {
        block(9, 3 << 20, 8192);
        mover.enter(bytes, timer);
        assertThat(mover.move(9, 3 << 20, (3 << 20) - 8192, 8192)).isTrue();
        mover.leave();
    }

    private Movable block(long id, int offset, int size) {
        HandleOwner owner =
                new HandleOwner(TaskId.of(Instant.EPOCH, new Random(id)), 0, new BlockOwner(0));
        Movable handle = new Movable(owner, size, 16, id, offset);
        movables.add(handle);
        for (int at = 0; at < size; at++) {
            memory[offset + at] = stamp(at);
        }
        return handle;
    }

    private void assertHolds(Movable handle, int size) {
        MemorySegment all = MemorySegment.ofArray(memory);
        for (int at = 0; at < size; at++) {
            if (all.get(JAVA_BYTE, handle.offset() + at) != stamp(at)) {
                throw new AssertionError("a foreign byte at " + at);
            }
        }
    }

    private static byte stamp(int at) {
        return (byte) (at * 31 + (at >>> 8));
    }
}
