// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.core.memory.handle.BlockState.State;

/** Every history of a block's state is one that threads could make one after the other. */
public final class BlockStateLincheckTest {

    private final BlockState block = new BlockState();

    /** For the checker. */
    public BlockStateLincheckTest() {}

    /** A pin of the block. */
    @Operation
    public State pin() {
        return block.tryPin();
    }

    /** A pin and its end. */
    @Operation
    public boolean pinAndUnpin() {
        if (block.tryPin() != State.PINNED) {
            return false;
        }
        block.unpin();
        return true;
    }

    /** A pin for one user. */
    @Operation
    public State pinAlone() {
        return block.tryPinAlone();
    }

    /** Frees it. */
    @Operation
    public State free() {
        return block.tryFree();
    }

    /** Reads the reference bit and clears it. */
    @Operation
    public boolean takeReferenced() {
        return block.takeReferenced();
    }

    /** The one that moves and swaps: freezes it. */
    @Operation(nonParallelGroup = "mover")
    public boolean freeze() {
        return block.tryFreeze();
    }

    /** The same: lets pins in again, if it froze it. */
    @Operation(nonParallelGroup = "mover")
    public boolean thaw() {
        boolean frozen = block.state() == State.FROZEN;
        if (frozen) {
            block.thaw();
        }
        return frozen;
    }

    /** The same: swaps it out, if it froze it. */
    @Operation(nonParallelGroup = "mover")
    public boolean swapOut() {
        boolean frozen = block.state() == State.FROZEN;
        if (frozen) {
            block.swappedOut();
        }
        return frozen;
    }

    /** The same: brings it back. */
    @Operation(nonParallelGroup = "mover")
    public boolean recall() {
        return block.tryRecall();
    }

    @Test
    void itIsOneWord() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(BlockStateLincheckTest.class);
    }
}
