// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class DynamicTest {
    private static final long MIB = 1L << 20;

    @Test
    void zonesComeIntoUseWithTheLoadAndGoWithIt() {
        Dynamic strategy = dynamic(64);
        assertThat(strategy.zonesInUse()).isZero();
        List<Long> ids = new ArrayList<>();
        for (int block = 0; block < 40; block++) {
            ids.add(strategy.allocate(MIB / 2, 16, 0));
            assertThat(strategy.zonesInUse()).isEqualTo(block / 2 + 1);
        }
        ids.forEach(strategy::release);
        assertThat(strategy.zonesInUse()).as("one is kept for the next request").isOne();
        long id = strategy.allocate(MIB / 2, 16, 0);
        assertThat(strategy.offset(id)).isZero();
    }

    @Test
    void aBlockLargerThanAZoneBringsAsManyIntoUseAsItCovers() {
        Dynamic strategy = dynamic(64);
        strategy.allocate(100_000, 16, 0);
        long large = strategy.allocate(10 * MIB, 16, 0);
        assertThat(strategy.zonesInUse()).isEqualTo(11);
        strategy.release(large);
        assertThat(strategy.zonesInUse()).isEqualTo(2);
        assertThat(strategy.stats().largestFreeBytes()).isEqualTo(64 * MIB - 100_000);
    }

    @Test
    void aSmallBlockServesTheNextRequestOfItsSize() {
        Dynamic strategy = dynamic(64);
        long first = strategy.allocate(100, 16, 0);
        strategy.allocate(100, 16, 0);
        long place = strategy.offset(first);
        strategy.release(first);
        assertThat(strategy.kept()).isOne();
        assertThat(strategy.offset(strategy.allocate(90, 16, 0))).isNotEqualTo(place);
        assertThat(strategy.offset(strategy.allocate(112, 16, 0))).isEqualTo(place);
        assertThat(strategy.kept()).isZero();
    }

    @Test
    void keptBlocksAreJoinedWhenNothingElseFits() {
        Dynamic strategy = dynamic(1);
        List<Long> ids = new ArrayList<>();
        for (long id = strategy.allocate(1024, 16, 0); id >= 0; id = allocate(strategy)) {
            ids.add(id);
        }
        assertThat(ids).hasSize(1024);
        ids.forEach(strategy::release);
        assertThat(strategy.kept()).isPositive();
        long whole = strategy.allocate(MIB, 16, 0);
        assertThat(strategy.offset(whole)).isZero();
        assertThat(strategy.kept()).isZero();
    }

    @Test
    void aListGrowsWhileItIsAskedAndShrinksWhenItIsNot() {
        Dynamic strategy = dynamic(64);
        int most = 0;
        for (int round = 0; round < 20; round++) {
            List<Long> ids = new ArrayList<>();
            for (int block = 0; block < 300; block++) {
                ids.add(allocate(strategy));
            }
            ids.forEach(strategy::release);
            most = Math.max(most, strategy.kept());
        }
        assertThat(most).as("blocks kept under load").isGreaterThan(200);
        for (int i = 0; i < 100_000; i++) {
            strategy.release(strategy.allocate(64, 16, 0));
        }
        assertThat(strategy.kept()).as("blocks kept afterwards").isLessThan(20);
        assertThat(strategy.stats()).isEqualTo(new FragmentationStats(64 * MIB, 64 * MIB, 64, 0));
    }

    private static long allocate(Dynamic strategy) {
        return strategy.allocate(1024, 16, 0);
    }

    private static Dynamic dynamic(int zones) {
        Dynamic strategy = new Dynamic(new Geometry(16, 64 * MIB, MIB));
        for (int zone = 0; zone < zones; zone++) {
            strategy.addZone(zone * MIB, MIB);
        }
        return strategy;
    }
}
