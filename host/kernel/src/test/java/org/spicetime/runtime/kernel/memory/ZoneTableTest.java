// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ZoneTableTest {
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @CsvSource({"4, 1", "64, 1", "127, 1", "128, 2", "1000, 8", "4096, 64", "65536, 64"})
    void zonesArePowersOfTwoNearOneSixtyFourthOfThePool(long poolMib, long zoneMib) {
        assertThat(ZoneTable.zoneBytes(poolMib * MIB)).isEqualTo(zoneMib * MIB);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 67, 129, 131, 1023, 4099, 10_007})
    void zonesCoverThePoolWithoutGapAndTheReserveLiesBeyond(long poolMib) {
        ZoneTable zones = new ZoneTable(poolMib * MIB);
        long at = 0;
        for (int zone = 0; zone < zones.count(); zone++) {
            assertThat(zones.offset(zone)).isEqualTo(at);
            assertThat(Long.bitCount(zones.length(zone))).isOne();
            assertThat(zones.offset(zone) % Math.min(zones.length(zone), MIB)).isZero();
            at += zones.length(zone);
        }
        assertThat(zones.offset(zones.reserve())).isEqualTo(poolMib * MIB);
        assertThat(zones.length(zones.reserve())).isEqualTo(zones.zoneBytes());
        assertThat(zones.end()).isEqualTo(at);
    }

    @Test
    void everyOffsetBelongsToTheZoneThatContainsIt() {
        ZoneTable zones = new ZoneTable(131 * MIB);
        for (long offset = 0; offset < zones.end(); offset += MIB / 2) {
            int zone = zones.at(offset);
            assertThat(offset)
                    .isBetween(zones.offset(zone), zones.offset(zone) + zones.length(zone) - 1);
        }
    }

    @Test
    void aBlockCountsInEveryZoneItTouches() {
        ZoneTable zones = new ZoneTable(8 * MIB);
        zones.blockAdded(MIB / 2, 2 * MIB);
        assertThat(new int[] {zones.liveBlocks(0), zones.liveBlocks(1), zones.liveBlocks(2)})
                .containsExactly(1, 1, 1);
        assertThat(zones.liveBlocks(3)).isZero();
        zones.blockRemoved(MIB / 2, 2 * MIB);
        assertThat(zones.liveBlocks(1)).isZero();
    }
}
