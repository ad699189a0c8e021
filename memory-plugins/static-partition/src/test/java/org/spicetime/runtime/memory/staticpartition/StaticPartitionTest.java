// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.staticpartition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.testkit.DefaultOptions;

final class StaticPartitionTest {
    private static final long MIB = 1L << 20;

    @Test
    void aZoneHasTheBlocksOfItsPartitionAndNoOthers() {
        AllocationStrategy strategy = partition("4096:50 65536:50");
        strategy.addZone(0, MIB);
        for (int block = 0; block < 8; block++) {
            assertThat(strategy.size(strategy.allocate(5000, 16, 0))).isEqualTo(65_536);
        }
        assertThat(strategy.allocate(5000, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        assertThat(strategy.stats())
                .isEqualTo(new FragmentationStats(MIB / 2, 4096, 128, 8 * (65_536 - 5000)));
    }

    @Test
    void aRequestTakesTheNextLargerSizeWhenItsOwnIsUsedUp() {
        AllocationStrategy strategy = partition("262144:25 524288:75");
        strategy.addZone(0, MIB);
        long small = strategy.allocate(1000, 16, 0);
        long larger = strategy.allocate(1000, 16, 0);
        assertThat(strategy.size(small)).isEqualTo(262_144);
        assertThat(strategy.size(larger)).isEqualTo(262_144);
        assertThat(strategy.size(strategy.allocate(1000, 16, 0))).isEqualTo(524_288);
        strategy.release(small);
        assertThat(strategy.offset(strategy.allocate(1, 16, 0))).isEqualTo(524_288);
    }

    @Test
    void whatASizeCannotUseOfItsShareGoesToTheNextSmaller() {
        AllocationStrategy strategy = partition("1024:10 100000:90");
        strategy.addZone(0, MIB);
        int large = 0;
        while (strategy.allocate(100_000, 16, 0) >= 0) {
            large++;
        }
        int small = 0;
        while (strategy.allocate(1024, 16, 0) >= 0) {
            small++;
        }
        assertThat(large).isEqualTo(9);
        assertThat(small).isEqualTo((int) ((MIB - 9 * 100_000) / 1024));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4096",
                "4096:0",
                "4096:101",
                "4096:60 65536:60",
                "4096:20 4090:20",
                "8:10",
                "16777217:10",
                "-16:10",
                "1:1 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:1 10:1 11:1 12:1 13:1 14:1 15:1 16:1 17:1"
            })
    void aPartitionOfAnotherFormIsRefusedWithTheForm(String text) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> partition(text))
                .withMessageContaining("memory.parameters.partition")
                .withMessageContaining("SIZE:PERCENT");
    }

    @Test
    void aSizeOfWhichAZoneHasNoBlockIsRefused() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> partition("64:50 65536:1"))
                .withMessageContaining("1048576");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> partition("1048576:100"));
    }

    private static AllocationStrategy partition(String text) {
        StaticPartitionFactory factory = new StaticPartitionFactory();
        return factory.create(
                new Geometry(16, 4 * MIB, MIB),
                new DefaultOptions(
                        factory.descriptor().options(),
                        Map.of(StaticPartitionFactory.PARTITION, text)));
    }
}
