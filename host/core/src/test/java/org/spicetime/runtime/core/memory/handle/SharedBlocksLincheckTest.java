// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * A shared block lives while somebody holds it, and goes back to the pool once, whoever attaches,
 * drops, dies and sweeps meanwhile.
 */
public final class SharedBlocksLincheckTest {

    private static final int BYTES = 1024;

    private final PlannedBlocks source = new PlannedBlocks();
    private final SharedBlocks blocks = new SharedBlocks(DomainId.of("shared"), source);
    private final Shared shared = blocks.share(source.take(BYTES, 16, false), BYTES);
    private boolean firstIsOver;

    /** For the checker. */
    public SharedBlocksLincheckTest() {
        blocks.leased(true);
    }

    /** Another task attaches it, and closes its hold. */
    @Operation
    public void attachAndClose() {
        if (attached()) {
            source.requireLive(shared);
            blocks.drop(shared);
        }
    }

    /** Another task attaches it, and ends without a word. */
    @Operation
    public void attachAndDie() {
        if (attached()) {
            source.requireLive(shared);
            blocks.orphan(shared, 0);
        }
    }

    /** The one who shared it closes its hold. */
    @Operation(nonParallelGroup = "first")
    public void closeFirst() {
        if (!firstIsOver) {
            firstIsOver = true;
            blocks.drop(shared);
        }
    }

    /** A collection, all leases have run out. */
    @Operation
    public void sweep() {
        blocks.dropOrphans();
    }

    private boolean attached() {
        try {
            return blocks.attach(shared.id()).equals(shared);
        } catch (RefusedException freed) {
            return false;
        }
    }

    /** At the end. */
    @Validate
    public void whatIsHeldIsThereAndNothingElse() {
        blocks.dropOrphans();
        long expected = firstIsOver ? 0 : BYTES;
        if (source.usedBytes() != expected || blocks.size() != (firstIsOver ? 0 : 1)) {
            throw new IllegalStateException(
                    source.usedBytes() + " bytes are used, not " + expected);
        }
    }

    @Test
    void itGoesBackOnceAndNotBeforeTheLastHold() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .check(SharedBlocksLincheckTest.class);
    }
}
