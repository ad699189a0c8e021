// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureLevel;

class PressureGaugeTest {
    private static final DomainId DOMAIN = DomainId.of("gauge");
    private static final long SECOND = 1_000_000_000;

    private final PressureGauge gauge = new PressureGauge(DOMAIN);

    @Test
    void levelsBeginAtTheirSharesAndEndFivePointsLower() {
        assertThat(gauge.observe(79, 100, 0)).isEqualTo(PressureLevel.NONE);
        assertThat(gauge.observe(80, 100, 0)).isEqualTo(PressureLevel.LOW);
        assertThat(gauge.observe(76, 100, 0)).isEqualTo(PressureLevel.LOW);
        assertThat(gauge.observe(74, 100, 0)).isEqualTo(PressureLevel.NONE);
        assertThat(gauge.observe(91, 100, 0)).isEqualTo(PressureLevel.HIGH);
        assertThat(gauge.observe(86, 100, 0)).isEqualTo(PressureLevel.HIGH);
        assertThat(gauge.observe(84, 100, 0)).isEqualTo(PressureLevel.LOW);
        assertThat(gauge.observe(97, 100, 5)).isEqualTo(PressureLevel.CRITICAL);
        assertThat(gauge.observe(93, 100, 9)).isEqualTo(PressureLevel.CRITICAL);
        assertThat(gauge.criticalNanos(25)).isEqualTo(20);
        assertThat(gauge.observe(91, 100, 30)).isEqualTo(PressureLevel.HIGH);
        assertThat(gauge.criticalNanos(31)).isNegative();
        assertThat(gauge.observe(0, 0, 0)).isEqualTo(PressureLevel.NONE);
    }

    @Test
    void aChangeIsToldOnceAndOfManyInASecondTheNewest() {
        assertThat(gauge.takeChange(0)).isNull();
        gauge.observe(85, 100, 0);
        assertThat(gauge.takeChange(0))
                .isEqualTo(
                        new MemoryPressure(DOMAIN, PressureLevel.LOW, PressureLevel.NONE, 100, 85));
        assertThat(gauge.takeChange(5 * SECOND)).isNull();
        gauge.observe(98, 100, 5 * SECOND);
        assertThat(gauge.takeChange(5 * SECOND)).isNotNull();
        gauge.observe(0, 100, 5 * SECOND + 1);
        assertThat(gauge.takeChange(6 * SECOND - 1)).isNull();
        gauge.observe(92, 100, 6 * SECOND - 1);
        assertThat(gauge.takeChange(6 * SECOND))
                .isEqualTo(
                        new MemoryPressure(
                                DOMAIN, PressureLevel.HIGH, PressureLevel.CRITICAL, 100, 92));
    }

    @Test
    void aLevelThatCameBackInTimeIsNotToldAtAll() {
        gauge.observe(85, 100, 0);
        assertThat(gauge.takeChange(0)).isNotNull();
        gauge.observe(95, 100, 1);
        gauge.observe(82, 100, 2);
        assertThat(gauge.untold()).isFalse();
        assertThat(gauge.takeChange(2 * SECOND)).isNull();
    }

    @Test
    void changesThatAreToldFollowEachOtherWhateverHappens() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("pressure gauge: seed " + seed);
        Random random = new Random(seed);
        List<MemoryPressure> told = new ArrayList<>();
        long now = 0;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextLong(SECOND / 2);
            gauge.observe(random.nextInt(101), 100, now);
            MemoryPressure change = gauge.takeChange(now);
            if (change != null) {
                assertThat(last == Long.MIN_VALUE || now - last >= SECOND).isTrue();
                last = now;
                told.add(change);
            }
        }
        PressureLevel level = PressureLevel.NONE;
        for (MemoryPressure change : told) {
            assertThat(change.former()).isEqualTo(level).isNotEqualTo(change.level());
            level = change.level();
        }
        assertThat(told).hasSizeGreaterThan(100);
    }
}
