// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.bestfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

final class BestFitTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void aBlockTakesTheHoleThatFitsBestAndLeavesTheLargeOnesWhole() {
        BestFit strategy = bestFit(4 * MIB, 2);
        long[] ids = new long[7];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = strategy.allocate(i % 2 == 0 ? 1000 : 10_000 / (i + 1), 16, 0);
        }
        long smallest = strategy.offset(ids[5]);
        strategy.release(ids[1]);
        strategy.release(ids[3]);
        strategy.release(ids[5]);
        assertThat(strategy.offset(strategy.allocate(1600, 16, 0))).isEqualTo(smallest);
        assertThat(strategy.stats().freeBlocks()).isEqualTo(4);
    }

    @Test
    void aBlockGrowsIntoFreeMemoryBehindItAndShrinksOutOfIt() {
        BestFit strategy = bestFit(4 * MIB, 2);
        long low = strategy.allocate(1000, 16, 0);
        assertThat(strategy.resizeInPlace(low, MIB + 1000)).as("across zones").isTrue();
        assertThat(strategy.size(low)).isEqualTo(MIB + 1008);
        long next = strategy.allocate(16, 16, 0);
        assertThat(strategy.resizeInPlace(low, MIB + 2000)).as("the next is in use").isFalse();
        assertThat(strategy.resizeInPlace(low, 1)).isTrue();
        assertThat(strategy.size(low)).isEqualTo(16);
        strategy.release(next);
        strategy.release(low);
        assertThat(strategy.stats()).isEqualTo(new FragmentationStats(2 * MIB, 2 * MIB, 1, 0));
    }

    @Test
    void blocksLieAnywhereInTheLargestPool() {
        BestFit strategy = new BestFit(new Geometry(16, 64 * GIB, GIB));
        for (long zone = 0; zone < 64 * GIB; zone += GIB) {
            strategy.addZone(zone, GIB);
        }
        long whole = strategy.allocate(64 * GIB, 16, 0);
        assertThat(strategy.size(whole)).isEqualTo(64 * GIB);
        strategy.release(whole);
        strategy.allocate(60 * GIB, 16, 0);
        long high = strategy.allocate(16, 16, 0);
        assertThat(strategy.offset(high)).isEqualTo(60 * GIB);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BestFit(new Geometry(16, 65 * GIB, GIB)));
    }

    private static BestFit bestFit(long poolBytes, int zones) {
        BestFit strategy = new BestFit(new Geometry(16, poolBytes, MIB));
        for (int zone = 0; zone < zones; zone++) {
            strategy.addZone(zone * MIB, MIB);
        }
        return strategy;
    }
}
