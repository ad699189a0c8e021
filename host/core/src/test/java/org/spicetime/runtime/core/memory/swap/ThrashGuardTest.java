// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrashGuardTest {
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(7);
    private long pins;
    private final ThrashGuard guard = new ThrashGuard(() -> now, () -> pins);

    /* A second with so many pins, some of which fault. */
    private void second(int pinned, int faults) {
        for (int i = 0; i < faults; i++) {
            guard.faulted();
        }
        pins += pinned;
        now += TimeUnit.SECONDS.toNanos(1);
    }

    private void seconds(int count, int pinned, int faults) {
        for (int i = 0; i < count; i++) {
            second(pinned, faults);
        }
    }

    @Test
    void aFifthOfAllPinsMayFaultForAnyTime() {
        seconds(100, 1000, 200);
        assertThat(guard.thrashing()).isFalse();
        assertThat(guard.ratio()).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void moreThanThreeTenthsForTenSecondsAreThrashing() {
        seconds(9, 1000, 400);
        assertThat(guard.thrashing()).isFalse();
        seconds(1, 1000, 400);
        assertThat(guard.thrashing()).isTrue();
    }

    @Test
    void itEndsWhenTheShareHasFallenClearly() {
        seconds(12, 1000, 900);
        assertThat(guard.thrashing()).isTrue();
        seconds(15, 1000, 200);
        assertThat(guard.thrashing()).isTrue();
        seconds(10, 1000, 140);
        assertThat(guard.thrashing()).isFalse();
        seconds(10, 1000, 200);
        assertThat(guard.thrashing()).isFalse();
    }

    @Test
    void itEndsWhenNobodyPinsAnyMore() {
        seconds(12, 1000, 900);
        assertThat(guard.thrashing()).isTrue();
        now += TimeUnit.SECONDS.toNanos(ThrashGuard.WINDOW_SECONDS);
        assertThat(guard.thrashing()).isFalse();
        assertThat(guard.ratio()).isZero();
    }

    @Test
    void aFewFaultsAreNeverThrashing() {
        seconds(60, 10, 9);
        assertThat(guard.thrashing()).isFalse();
    }

    @Test
    void pinsBeforeTheFirstFaultDoNotCount() {
        pins = 1_000_000_000;
        seconds(12, 1000, 900);
        assertThat(guard.thrashing()).isTrue();
    }
}
