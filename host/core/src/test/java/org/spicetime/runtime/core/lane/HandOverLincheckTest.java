// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * What is put in is seen by everybody who has the lock afterwards, and is taken in although nobody
 * waits for the lock and nobody else comes.
 */
public final class HandOverLincheckTest {

    private final Inbox<Integer> inbox = new Inbox<>(16);
    private final ReentrantLock lock = new ReentrantLock();
    private long sum;
    private final HandOver handOver =
            new HandOver(
                    inbox,
                    new HandOver.Section() {
                        @Override
                        public boolean tryEnter() {
                            return lock.tryLock();
                        }

                        @Override
                        public void takeIn() {
                            takeAll();
                        }

                        @Override
                        public void leave() {
                            lock.unlock();
                        }

                        @Override
                        public boolean attended() {
                            return false;
                        }
                    });

    /** For the checker. */
    public HandOverLincheckTest() {}

    private void takeAll() {
        for (Integer value = inbox.poll(); value != null; value = inbox.poll()) {
            sum += value;
        }
    }

    /** One that submits. */
    @Operation
    public void add(@Param(gen = IntGen.class) int value) {
        inbox.offer(value, Long.MAX_VALUE);
        handOver.look();
    }

    /** One that has the lock; what is about to come belongs to a call that is under way. */
    @Operation
    public long sum() {
        long seen;
        lock.lock();
        try {
            while (!inbox.isEmpty()) {
                takeAll();
                Thread.onSpinWait();
            }
            seen = sum;
        } finally {
            lock.unlock();
        }
        handOver.left();
        return seen;
    }

    /** At the end, when nobody comes any more. */
    @Validate
    public void nothingIsLeft() {
        if (!inbox.isEmpty()) {
            throw new IllegalStateException(inbox.size() + " are left in the inbox");
        }
    }

    @Test
    void nothingIsLeftBehindAndNothingIsTakenTwice() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(3)
                .check(HandOverLincheckTest.class);
    }
}
