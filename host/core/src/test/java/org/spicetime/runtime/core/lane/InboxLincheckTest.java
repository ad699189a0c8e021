// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every history of an inbox is one of a bounded queue. */
public final class InboxLincheckTest {

    private final Inbox<Integer> inbox = new Inbox<>(2);

    /** For the checker. */
    public InboxLincheckTest() {}

    /** One that puts in. */
    @Operation
    public boolean offer(@Param(gen = IntGen.class) int value) {
        return inbox.offer(value, Long.MAX_VALUE) >= 0;
    }

    /**
     * The one that takes out; it waits for what is about to come, since order would be lost else.
     */
    @Operation(nonParallelGroup = "taker")
    public @Nullable Integer poll() {
        while (!inbox.isEmpty()) {
            Integer value = inbox.poll();
            if (value != null) {
                return value;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    @Test
    void itIsABoundedQueue() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(3)
                .check(InboxLincheckTest.class);
    }
}
