// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StallTest {
    private static final long SECOND = 1_000_000_000;
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final MemoryWaits waits = new MemoryWaits(clock::get);
    private final StallWindows windows = new StallWindows();

    @Test
    void waitsThatLastAreCountedWhileTheyLast() {
        long first = waits.begin();
        clock.addAndGet(10);
        long second = waits.begin();
        clock.addAndGet(5);
        assertThat(waits.waitedNanos()).isEqualTo(20);
        assertThat(waits.waiting()).isEqualTo(2);
        waits.end(first);
        clock.addAndGet(100);
        assertThat(waits.waitedNanos()).isEqualTo(120);
        waits.end(second);
        clock.addAndGet(100);
        assertThat(waits.waitedNanos()).isEqualTo(120);
        assertThat(waits.waiting()).isZero();
    }

    @Test
    void thereIsNoShareBeforeTheFirstSample() {
        assertThat(windows.over(TEN, 1)).isEmpty();
        windows.add(0, 0);
        assertThat(windows.over(TEN, 1)).isEmpty();
        windows.add(SECOND, SECOND / 4);
        assertThat(windows.over(TEN, 1)).hasValue(0.25);
        assertThat(windows.over(TEN, 2)).hasValue(0.125);
        windows.clear();
        assertThat(windows.over(TEN, 1)).isEmpty();
    }

    @Test
    void theLastTenSecondsAndTheLastMinuteAreToldApart() {
        for (int second = 0; second <= 200; second++) {
            // Everybody waits from second 185 on.
            windows.add(second * SECOND, Math.max(0, second - 185) * SECOND);
        }
        assertThat(windows.over(TEN, 1)).hasValue(1.0);
        assertThat(windows.over(MINUTE, 1).orElseThrow()).isEqualTo(0.25, within(1e-9));
    }

    @Test
    void moreWaitsThanWorkersAreAllOfTheirTime() {
        windows.add(0, 0);
        windows.add(SECOND, 7 * SECOND);
        assertThat(windows.over(TEN, 2)).hasValue(1.0);
    }

    @Test
    void aWindowReachesBackToTheReadingBeforeItWhenReadingsAreRare() {
        windows.add(0, 0);
        windows.add(30 * SECOND, 3 * SECOND);
        assertThat(windows.over(TEN, 1)).hasValue(0.1);
    }
}
