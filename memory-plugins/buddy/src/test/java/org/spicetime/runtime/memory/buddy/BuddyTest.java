// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.buddy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class BuddyTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void aBlockHasTheNextPowerOfTwoAndBeginsAtAMultipleOfIt() {
        Buddy buddy = buddy(4 * MIB, MIB);
        addZones(buddy, 4, MIB);
        for (long size : new long[] {1, 16, 17, 1000, 1024, 1025, 40_000, MIB}) {
            long id = buddy.allocate(size, 16, 0);
            long given = buddy.size(id);
            assertThat(Long.bitCount(given)).as("%d bytes for %d", given, size).isOne();
            assertThat(given).isGreaterThanOrEqualTo(size).isLessThan(Math.max(17, 2 * size));
            assertThat(buddy.offset(id) % given).isZero();
        }
    }

    @Test
    void buddiesMergeAcrossZonesUpToTheLargestAlignedBlock() {
        Buddy buddy = buddy(7 * MIB, MIB);
        addZones(buddy, 7, MIB);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(7 * MIB, 4 * MIB, 3, 0));
        long id = buddy.allocate(3 * MIB, 16, 0);
        assertThat(buddy.size(id)).isEqualTo(4 * MIB);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(3 * MIB, 2 * MIB, 2, MIB));
        assertThat(buddy.allocate(3 * MIB, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
    }

    @Test
    void aZoneOffItsOwnSizeIsUsedInItsAlignedParts() {
        Buddy buddy = buddy(8 * MIB, 2 * MIB);
        buddy.addZone(MIB, 2 * MIB);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(2 * MIB, MIB, 2, 0));
        long id = buddy.allocate(MIB, 16, 0);
        assertThat(buddy.dropZone(MIB)).isFalse();
        buddy.release(id);
        assertThat(buddy.dropZone(MIB)).isTrue();
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
    }

    @Test
    void aZoneOutOfAMergedBlockLeavesTheRestUsable() {
        Buddy buddy = buddy(4 * MIB, MIB);
        addZones(buddy, 4, MIB);
        assertThat(buddy.dropZone(MIB)).isTrue();
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(3 * MIB, 2 * MIB, 2, 0));
        buddy.addZone(MIB, MIB);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(4 * MIB, 4 * MIB, 1, 0));
    }

    @Test
    void aBlockGrowsIntoItsFreeUpperBuddiesAndShrinksOutOfThem() {
        Buddy buddy = buddy(4 * MIB, MIB);
        buddy.addZone(0, MIB);
        long low = buddy.allocate(1024, 16, 0);
        assertThat(buddy.offset(low)).isZero();
        assertThat(buddy.resizeInPlace(low, 100_000)).isTrue();
        assertThat(buddy.size(low)).isEqualTo(131_072);
        long next = buddy.allocate(16, 16, 0);
        assertThat(buddy.resizeInPlace(low, MIB)).as("its buddy is in use").isFalse();
        assertThat(buddy.resizeInPlace(low, 1)).isTrue();
        assertThat(buddy.size(low)).isEqualTo(16);
        buddy.release(next);
        buddy.release(low);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(MIB, MIB, 1, 0));
    }

    @Test
    void largeAlignmentCostsASmallBlockNothing() {
        Buddy buddy = buddy(4 * MIB, MIB);
        addZones(buddy, 4, MIB);
        long id = buddy.allocate(16, MIB, 0);
        assertThat(buddy.size(id)).isEqualTo(16);
        assertThat(buddy.offset(id) % MIB).isZero();
    }

    @Test
    void blocksLieBeyondThirtyTwoGibibytes() {
        Buddy buddy = buddy(64 * GIB, 64 * MIB);
        addZones(buddy, 64 * 16, 64 * MIB);
        assertThat(buddy.stats().largestFreeBytes()).isEqualTo(64 * GIB);
        long low = buddy.allocate(32 * GIB, 16, 0);
        long high = buddy.allocate(20 * GIB, 16, 0);
        assertThat(List.of(buddy.offset(low), buddy.offset(high))).containsExactly(0L, 32 * GIB);
        buddy.release(low);
        buddy.release(high);
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(64 * GIB, 64 * GIB, 1, 0));
    }

    @Test
    void everyOtherBlockReleasedIsFragmentedUntilTheRestIsReleased() {
        Buddy buddy = buddy(4 * MIB, MIB);
        addZones(buddy, 4, MIB);
        List<Long> ids = new ArrayList<>();
        for (long id = buddy.allocate(1024, 16, 0); id >= 0; id = buddy.allocate(1024, 16, 0)) {
            ids.add(id);
        }
        assertThat(ids).hasSize(4096);
        for (int i = 0; i < ids.size(); i += 2) {
            buddy.release(ids.get(i));
        }
        assertThat(buddy.allocate(2048, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        for (int i = 1; i < ids.size(); i += 2) {
            buddy.release(ids.get(i));
        }
        assertThat(buddy.stats()).isEqualTo(new FragmentationStats(4 * MIB, 4 * MIB, 1, 0));
    }

    @Test
    void aGeometryItCannotCountIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> buddy(65 * GIB, 64 * MIB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Buddy(new Geometry(4096, 4 * MIB, MIB)))
                .withMessageContaining("granule");
    }

    private static Buddy buddy(long poolBytes, long zoneBytes) {
        return new Buddy(new Geometry(16, poolBytes, zoneBytes));
    }

    private static void addZones(Buddy buddy, int count, long zoneBytes) {
        for (int zone = 0; zone < count; zone++) {
            buddy.addZone(zone * zoneBytes, zoneBytes);
        }
    }
}
