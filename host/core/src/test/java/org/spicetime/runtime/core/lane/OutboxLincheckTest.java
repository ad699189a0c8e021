// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every history of an outbox, its owner and its thieves, is one of a bounded queue. */
public final class OutboxLincheckTest {

    private final Outbox<Integer> outbox = new Outbox<>(2);

    /** For the checker. */
    public OutboxLincheckTest() {}

    /** The owner fills it. */
    @Operation(nonParallelGroup = "owner")
    public boolean add(@Param(gen = IntGen.class) int value) {
        outbox.forget();
        return outbox.add(value);
    }

    /** Owner and thieves take. */
    @Operation
    public @Nullable Integer poll() {
        return outbox.poll();
    }

    @Test
    void itIsABoundedQueueInAllInterleavingsOfShortRuns() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(2)
                .check(OutboxLincheckTest.class);
    }

    @Test
    void itIsABoundedQueueUnderStress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(3)
                .check(OutboxLincheckTest.class);
    }
}
