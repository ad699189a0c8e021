// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.testkit.DefaultOptions;

final class PoolTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void everyBlockHasTheSameSizeHoweverLittleIsAskedFor() {
        AllocationStrategy pool = pool(4 * MIB, 1000);
        pool.addZone(0, MIB);
        long first = pool.allocate(1, 16, 0);
        long second = pool.allocate(1000, 16, 0);
        assertThat(pool.size(first)).isEqualTo(1008);
        assertThat(pool.offset(second) - pool.offset(first)).isEqualTo(1008);
        assertThat(pool.allocate(1009, 16, 0)).isEqualTo(AllocationFailure.TOO_LARGE.result());
        assertThat(pool.stats())
                .isEqualTo(new FragmentationStats(MIB - 2016, 1008, 1040 - 2 + 1, 1007 + 8));
    }

    @Test
    void whatAZoneHasBeyondItsLastBlockIsNeverGiven() {
        AllocationStrategy pool = pool(4 * MIB, 300 << 10);
        pool.addZone(0, MIB);
        pool.addZone(MIB, MIB);
        for (int block = 0; block < 6; block++) {
            assertThat(pool.allocate(16, 16, 0)).isNotNegative();
        }
        assertThat(pool.allocate(16, 16, 0)).isEqualTo(AllocationFailure.FRAGMENTED.result());
        assertThat(pool.stats().freeBytes()).isEqualTo(2 * (124 << 10));
        assertThat(pool.stats().largestFreeBytes()).isZero();
    }

    @Test
    void aPoolThatWasFullInAnyPatternIsNeverFragmented() {
        AllocationStrategy pool = pool(4 * MIB, 4096);
        pool.addZone(0, 4 * MIB);
        long[] ids = new long[1024];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = pool.allocate(4096, 16, 0);
        }
        assertThat(pool.allocate(1, 16, 0)).isEqualTo(AllocationFailure.NO_SPACE.result());
        for (int i = 0; i < ids.length; i += 2) {
            pool.release(ids[i]);
        }
        for (int i = 0; i < ids.length; i += 2) {
            assertThat(pool.allocate(4096, 16, 0)).isNotNegative();
        }
        assertThat(pool.stats()).isEqualTo(new FragmentationStats(0, 0, 0, 0));
    }

    @Test
    void anAlignmentBeyondThatOfTheBlocksIsLookedFor() {
        AllocationStrategy pool = pool(4 * MIB, 48);
        pool.addZone(0, MIB);
        for (long align = 16; align <= MIB / 4; align *= 2) {
            long id = pool.allocate(48, align, 0);
            assertThat(pool.offset(id) % align).as("alignment %d", align).isZero();
        }
    }

    @Test
    void blocksOfSixteenBytesFillTheLargestPool() {
        AllocationStrategy pool = pool(64 * GIB, 16);
        pool.addZone(63 * GIB, GIB);
        long id = pool.allocate(16, 16, 0);
        assertThat(pool.offset(id)).isEqualTo(63 * GIB);
        assertThat(pool.stats().freeBlocks()).isEqualTo((GIB >> 4) - 1);
        assertThatIllegalArgumentException().isThrownBy(() -> pool(65 * GIB, 16));
    }

    private static AllocationStrategy pool(long poolBytes, long blockSize) {
        PoolFactory factory = new PoolFactory();
        return factory.create(
                new Geometry(16, poolBytes, MIB),
                new DefaultOptions(
                        factory.descriptor().options(), Map.of(PoolFactory.BLOCK_SIZE, blockSize)));
    }
}
