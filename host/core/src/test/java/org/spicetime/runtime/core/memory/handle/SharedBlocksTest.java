// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;

@Timeout(60)
final class SharedBlocksTest {

    private static final int BYTES = 1024;

    private final PlannedBlocks source = new PlannedBlocks();
    private final SharedBlocks blocks = new SharedBlocks(DomainId.of("shared"), source);

    /* Both sweeps are stopped where a hold is dropped, if both get there. */
    @Test
    void ofTwoSweepsThatMeetOneDropsTheHoldOfATaskThatIsGone() throws InterruptedException {
        blocks.leased(true);
        Shared shared = blocks.share(source.take(BYTES, 16, false), BYTES);
        blocks.orphan(blocks.attach(shared.id()), 0);
        List<Thread> sweeps =
                Stream.generate(() -> Thread.ofPlatform().unstarted(blocks::dropOrphans))
                        .limit(2)
                        .toList();
        synchronized (shared) {
            sweeps.forEach(Thread::start);
            for (Thread sweep : sweeps) {
                while (sweep.getState() != Thread.State.BLOCKED && sweep.isAlive()) {
                    Thread.onSpinWait();
                }
            }
        }
        for (Thread sweep : sweeps) {
            sweep.join();
        }
        assertThat(source.usedBytes()).as("its first holder holds it still").isEqualTo(BYTES);
        blocks.drop(shared);
        assertThat(source.usedBytes()).isZero();
        assertThat(blocks.size()).isZero();
    }
}
