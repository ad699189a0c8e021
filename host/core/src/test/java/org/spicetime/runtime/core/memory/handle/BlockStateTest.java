// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.core.memory.handle.BlockState.State;

class BlockStateTest {

    private final BlockState block = new BlockState();

    @Test
    void aNewBlockIsResidentReferencedAndHasNoPins() {
        assertThat(block.state()).isEqualTo(State.RESIDENT);
        assertThat(block.referenced()).isTrue();
        assertThat(block.pins()).isZero();
    }

    @Test
    void pinsAreCountedAndKeepFreezingAndFreeingOut() {
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
        assertThat(block.pins()).isEqualTo(2);
        assertThat(block.tryFreeze()).isFalse();
        assertThat(block.tryFree()).isEqualTo(State.PINNED);
        block.unpin();
        assertThat(block.tryFreeze()).isFalse();
        block.unpin();
        assertThat(block.tryFreeze()).isTrue();
        assertThat(block.state()).isEqualTo(State.FROZEN);
    }

    @Test
    void whoPinsAloneFindsOthersAndIsFoundByThem() {
        assertThat(block.tryPinAlone()).isEqualTo(State.RESIDENT);
        assertThat(block.tryPinAlone()).isEqualTo(State.PINNED);
        block.unpin();
        assertThat(block.tryPinAlone()).isEqualTo(State.RESIDENT);
    }

    @Test
    void aFrozenBlockIsNeitherPinnedNorFrozenNorFreedTwice() {
        assertThat(block.tryFreeze()).isTrue();
        assertThat(block.tryFreeze()).isFalse();
        assertThat(block.tryPin()).isEqualTo(State.FROZEN);
        assertThat(block.tryPinAlone()).isEqualTo(State.FROZEN);
        assertThat(block.tryFree()).isEqualTo(State.FROZEN);
        assertThat(block.tryRecall()).isFalse();
        block.thaw();
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
    }

    @Test
    void aSwappedBlockIsRecalledByOneAndBackWhenItThaws() {
        assertThat(block.tryFreeze()).isTrue();
        block.swappedOut();
        assertThat(block.tryPin()).isEqualTo(State.SWAPPED);
        assertThat(block.tryFreeze()).isFalse();
        assertThat(block.tryRecall()).isTrue();
        assertThat(block.tryRecall()).isFalse();
        block.swappedOut();
        assertThat(block.tryRecall()).isTrue();
        block.thaw();
        assertThat(block.state()).isEqualTo(State.RESIDENT);
    }

    @Test
    void freeingTellsWhereTheBytesWereAndHappensOnce() {
        assertThat(block.tryFree()).isEqualTo(State.RESIDENT);
        assertThat(block.tryFree()).isEqualTo(State.FREED);
        assertThat(block.tryPin()).isEqualTo(State.FREED);
        assertThat(block.tryFreeze()).isFalse();
        assertThat(block.referenced()).isFalse();

        BlockState swapped = new BlockState();
        assertThat(swapped.tryFreeze()).isTrue();
        swapped.swappedOut();
        assertThat(swapped.tryFree()).isEqualTo(State.SWAPPED);
        assertThat(swapped.tryRecall()).isFalse();

        BlockState frozen = new BlockState();
        assertThat(frozen.tryFreeze()).isTrue();
        frozen.freed();
        assertThat(frozen.state()).isEqualTo(State.FREED);
    }

    @Test
    void theReferenceBitIsSetByAPinTakenOnceAndKeptThroughAFreeze() {
        assertThat(block.takeReferenced()).isTrue();
        assertThat(block.takeReferenced()).isFalse();
        assertThat(block.tryFreeze()).isTrue();
        block.thaw();
        assertThat(block.referenced()).isFalse();
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
        block.unpin();
        assertThat(block.tryFreeze()).isTrue();
        block.swappedOut();
        assertThat(block.takeReferenced()).isTrue();
        assertThat(block.state()).isEqualTo(State.SWAPPED);
    }

    @Test
    void thePinABlockWasReadBackForIsNoReferenceAndTheNextOneIs() {
        assertThat(block.tryFreeze()).isTrue();
        block.swappedOut();
        assertThat(block.tryRecall()).isTrue();
        block.thawRecalled();
        assertThat(block.state()).isEqualTo(State.RESIDENT);
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
        block.unpin();
        assertThat(block.takeReferenced()).isFalse();
        assertThat(block.tryPin()).isEqualTo(State.PINNED);
        block.unpin();
        assertThat(block.takeReferenced()).isTrue();
    }

    @Test
    void whatNobodyFrozeCannotThawAndWhatNobodyPinnedCannotBeUnpinned() {
        assertThatThrownBy(block::thaw).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::swappedOut).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(block::unpin).isInstanceOf(IllegalStateException.class);
        assertThat(block.state()).isEqualTo(State.RESIDENT);
    }

    @Test
    void whatIsWrittenWhileFrozenIsSeenByTheNextPin() throws Exception {
        int[] place = new int[1];
        CountDownLatch waits = new CountDownLatch(1);
        assertThat(block.tryFreeze()).isTrue();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<Integer> seen =
                    threads.submit(() -> {
                        waits.countDown();
                        State found = block.tryPin();
                        while (found == State.FROZEN) {
                            block.awaitThaw();
                            found = block.tryPin();
                        }
                        return place[0];
                    });
            waits.await();
            place[0] = 7;
            block.thaw();
            assertThat(seen.get()).isEqualTo(7);
        }
        assertThat(block.state()).isEqualTo(State.PINNED);
    }
}
