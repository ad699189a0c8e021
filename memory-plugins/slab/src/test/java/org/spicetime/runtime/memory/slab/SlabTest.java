// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class SlabTest {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void sizesRiseInFourStepsPerDoublingAndWasteAFifthAtMost() {
        List<Long> sizes = new ArrayList<>();
        for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
            sizes.add(SizeClasses.units(sizeClass) * 16);
        }
        assertThat(sizes)
                .startsWith(16L, 32L, 48L, 64L, 80L, 96L, 112L, 128L, 160L, 192L, 224L, 256L, 320L)
                .endsWith(10 * KIB, 12 * KIB, 14 * KIB, 16 * KIB);
        for (long units = 1; units <= SizeClasses.LARGEST; units++) {
            int own = SizeClasses.of(units);
            long rounded = SizeClasses.units(own);
            assertThat(rounded).isGreaterThanOrEqualTo(units);
            assertThat(own == 0 || SizeClasses.units(own - 1) < units).isTrue();
            assertThat(5 * (rounded - units)).as("%d units", units).isLessThanOrEqualTo(rounded);
        }
    }

    @Test
    void blocksOfOneSizeLieTogetherAndOthersElsewhere() {
        Slab slab = slab(4 * MIB);
        slab.addZone(0, MIB);
        for (int i = 0; i < 500; i++) {
            assertThat(slab.offset(slab.allocate(100, 16, 0)) / (64 * KIB)).isZero();
            assertThat(slab.offset(slab.allocate(30, 16, 0)) / (64 * KIB)).isOne();
        }
    }

    @Test
    void aSlabWithoutLiveBlocksServesEverySizeAgain() {
        Slab slab = slab(4 * MIB);
        slab.addZone(0, MIB);
        List<Long> ids = new ArrayList<>();
        for (long id = slab.allocate(48, 16, 0); id >= 0; id = slab.allocate(48, 16, 0)) {
            ids.add(id);
        }
        assertThat(ids).hasSize(16 * (64 * 1024 / 48));
        assertThat(slab.stats().largestFreeBytes()).isZero();
        ids.forEach(slab::release);
        assertThat(slab.stats()).isEqualTo(new FragmentationStats(MIB, MIB, 1, 0));
        assertThat(slab.size(slab.allocate(MIB, 16, 0))).isEqualTo(MIB);
    }

    @Test
    void aLargeBlockTakesWholePagesAndGivesTheRestBack() {
        Slab slab = slab(4 * MIB);
        slab.addZone(0, MIB);
        long id = slab.allocate(17 * KIB, 16, 0);
        assertThat(slab.size(id)).isEqualTo(20 * KIB);
        assertThat(slab.stats().freeBytes()).isEqualTo(MIB - 20 * KIB);
        assertThat(slab.resizeInPlace(id, 9 * KIB)).isTrue();
        assertThat(slab.size(id)).isEqualTo(12 * KIB);
        assertThat(slab.resizeInPlace(id, 13 * KIB)).isFalse();
        slab.release(id);
        assertThat(slab.stats()).isEqualTo(new FragmentationStats(MIB, MIB, 1, 0));
    }

    @Test
    void aSizeWithoutRoomForASlabTakesALargerBlockAndThenPages() {
        Slab slab = slab(4 * MIB);
        slab.addZone(0, MIB);
        long larger = slab.allocate(16 * KIB, 16, 0);
        slab.allocate(MIB / 2, 16, 0);
        slab.allocate(MIB / 4, 16, 0);
        slab.allocate(MIB / 8, 16, 0);
        slab.allocate(60 * KIB, 16, 0);
        assertThat(slab.size(slab.allocate(100, 16, 0))).isEqualTo(16 * KIB);
        slab.allocate(100, 16, 0);
        slab.allocate(100, 16, 0);
        assertThat(slab.size(slab.allocate(100, 16, 0))).isEqualTo(4 * KIB);
        assertThat(slab.allocate(100, 16, 0)).isEqualTo(AllocationFailure.NO_SPACE.result());
        slab.release(larger);
        assertThat(slab.size(slab.allocate(100, 16, 0))).isEqualTo(16 * KIB);
    }

    @Test
    void anAlignmentPicksAClassThatHasItByItself() {
        Slab slab = slab(4 * MIB);
        slab.addZone(0, MIB);
        assertThat(slab.size(slab.allocate(100, 64, 0))).isEqualTo(128);
        assertThat(slab.size(slab.allocate(20, 256, 0))).isEqualTo(256);
        assertThat(slab.size(slab.allocate(130, 32, 0))).isEqualTo(160);
        long page = slab.allocate(20, 32 * KIB, 0);
        assertThat(slab.size(page)).isEqualTo(4 * KIB);
        assertThat(slab.offset(page) % (32 * KIB)).isZero();
    }

    @Test
    void blocksLieBeyondThirtyTwoGibibytes() {
        Slab slab = slab(64 * GIB);
        slab.addZone(63 * GIB, GIB);
        long id = slab.allocate(48, 16, 0);
        assertThat(slab.offset(id)).isEqualTo(63 * GIB);
        slab.release(id);
        assertThat(slab.dropZone(63 * GIB)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> slab(65 * GIB));
    }

    private static Slab slab(long poolBytes) {
        return new Slab(new Geometry(16, poolBytes, MIB));
    }
}
