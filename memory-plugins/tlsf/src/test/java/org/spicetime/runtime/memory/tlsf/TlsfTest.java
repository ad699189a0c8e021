// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.tlsf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class TlsfTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void aBlockMayFillAPoolOfManyZonesWhoseSizeIsNoClassBorder() {
        Tlsf tlsf = tlsf(101 * MIB, MIB);
        addZones(tlsf, 101, MIB);
        long id = tlsf.allocate(101 * MIB, MIB, 0);
        assertThat(id).isNotNegative();
        assertThat(tlsf.offset(id)).isZero();
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
    }

    @Test
    void zonesAddedBetweenOthersJoinThemToOneExtent() {
        Tlsf tlsf = tlsf(4 * MIB, MIB);
        tlsf.addZone(0, MIB);
        tlsf.addZone(2 * MIB, MIB);
        assertThat(tlsf.allocate(MIB + 1, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        tlsf.addZone(MIB, MIB);
        assertThat(tlsf.stats().largestFreeBytes()).isEqualTo(3 * MIB);
        assertThat(tlsf.stats().freeBlocks()).isOne();
    }

    @Test
    void aZoneDroppedFromTheMiddleLeavesTwoExtents() {
        Tlsf tlsf = tlsf(4 * MIB, MIB);
        addZones(tlsf, 3, MIB);
        assertThat(tlsf.dropZone(MIB)).isTrue();
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(2 * MIB, MIB, 2, 0));
        assertThat(tlsf.allocate(MIB, 16, 0)).isNotNegative();
        assertThat(tlsf.allocate(MIB, 16, 0)).isNotNegative();
        assertThat(tlsf.allocate(1, 16, 0)).isEqualTo(AllocationFailure.NO_SPACE.result());
    }

    @Test
    void blocksLieBeyondTwoAndThirtyTwoGibibytes() {
        Tlsf tlsf = tlsf(63 * GIB, 64 * MIB);
        addZones(tlsf, 63 * 16, 64 * MIB);
        long low = tlsf.allocate(40 * GIB, 16, 0);
        long high = tlsf.allocate(22 * GIB, 16, 0);
        assertThat(List.of(tlsf.offset(low), tlsf.offset(high))).containsExactly(0L, 40 * GIB);
        assertThat(tlsf.size(low)).isEqualTo(40 * GIB);
        tlsf.release(low);
        assertThat(tlsf.stats().largestFreeBytes()).isEqualTo(40 * GIB);
        tlsf.release(high);
        assertThat(tlsf.stats().largestFreeBytes()).isEqualTo(63 * GIB);
    }

    @Test
    void wasteInsideABlockIsLessThanSixteenBytes() {
        Tlsf tlsf = tlsf(4 * MIB, MIB);
        tlsf.addZone(0, MIB);
        for (long size = 1; size <= 512; size++) {
            long id = tlsf.allocate(size, 16, 0);
            assertThat(tlsf.size(id) - size).isBetween(0L, 15L);
        }
    }

    @Test
    void everyOtherBlockReleasedIsFragmentedUntilTheRestIsReleased() {
        Tlsf tlsf = tlsf(4 * MIB, MIB);
        addZones(tlsf, 4, MIB);
        List<Long> ids = new ArrayList<>();
        for (long id = tlsf.allocate(1024, 16, 0); id >= 0; id = tlsf.allocate(1024, 16, 0)) {
            ids.add(id);
        }
        assertThat(ids).hasSize(4096);
        for (int i = 0; i < ids.size(); i += 2) {
            tlsf.release(ids.get(i));
        }
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(2 * MIB, 1024, 2048, 0));
        assertThat(tlsf.allocate(2048, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        for (int i = 1; i < ids.size(); i += 2) {
            tlsf.release(ids.get(i));
        }
        assertThat(tlsf.stats()).isEqualTo(new FragmentationStats(4 * MIB, 4 * MIB, 1, 0));
    }

    @Test
    void aGeometryItCannotCountIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> tlsf(64 * GIB, 64 * MIB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tlsf(new Geometry(4096, 4 * MIB, MIB)))
                .withMessageContaining("granule");
    }

    private static Tlsf tlsf(long poolBytes, long zoneBytes) {
        return new Tlsf(new Geometry(16, poolBytes, zoneBytes));
    }

    private static void addZones(Tlsf tlsf, int count, long zoneBytes) {
        for (int zone = 0; zone < count; zone++) {
            tlsf.addZone(zone * zoneBytes, zoneBytes);
        }
    }
}
