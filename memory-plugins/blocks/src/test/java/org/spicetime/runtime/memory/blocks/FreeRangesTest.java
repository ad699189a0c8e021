// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

final class FreeRangesTest {
    private static final long POOL = 1L << 32;

    @Test
    void theSmallestThatIsLargeEnoughIsTakenAndAmongEqualsTheLowest() {
        FreeRanges ranges = new FreeRanges();
        ranges.give(5000, 5200);
        ranges.give(1000, 1100);
        ranges.give(3000, 3100);
        ranges.give(100, 150);
        assertThat(ranges.take(60, 1)).isEqualTo(1000);
        assertThat(ranges.take(60, 1)).isEqualTo(3000);
        assertThat(ranges.take(40, 1)).isEqualTo(1060);
        assertThat(ranges.take(150, 64)).isEqualTo(FreeRanges.NONE);
        assertThat(ranges.take(100, 64)).isEqualTo(5056);
        assertThat(ranges.count()).isEqualTo(4);
        assertThat(ranges.largest()).isEqualTo(56);
    }

    @Test
    void theWholeOfTheLargestPoolIsOneRange() {
        FreeRanges ranges = new FreeRanges();
        ranges.give(POOL / 2, POOL);
        ranges.give(0, POOL / 2);
        assertThat(ranges.largest()).isEqualTo(POOL);
        assertThat(ranges.take(POOL, 1)).isZero();
        assertThat(ranges.units()).isZero();
        ranges.give(0, POOL);
        assertThat(ranges.takeRange(POOL - 16, POOL)).isTrue();
        assertThat(ranges.endingAt(POOL - 16)).isEqualTo(POOL - 16);
    }

    @Test
    void theyAreWhatASortedMapOfRangesIs(TestReporter reporter) {
        String given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        reporter.publishEntry("test.seed", Long.toString(seed));
        Random random = new Random(seed);
        FreeRanges ranges = new FreeRanges();
        TreeMap<Long, Long> free = new TreeMap<>();
        TreeMap<Long, Long> taken = new TreeMap<>();
        ranges.give(POOL - 100_000, POOL);
        free.put(POOL - 100_000, POOL);
        for (int step = 0; step < 30_000; step++) {
            String at = "seed " + seed + ", step " + step;
            if (random.nextInt(100) < 55) {
                long size = 1 + random.nextLong(1L << random.nextInt(1, 9));
                long best = Long.MAX_VALUE;
                long where = FreeRanges.NONE;
                for (Map.Entry<Long, Long> range : free.entrySet()) {
                    long length = range.getValue() - range.getKey();
                    if (length >= size && length < best) {
                        best = length;
                        where = range.getKey();
                    }
                }
                assertThat(ranges.take(size, 1)).as(at).isEqualTo(where);
                if (where != FreeRanges.NONE) {
                    Long end = free.remove(where);
                    if (end != null && where + size < end) {
                        free.put(where + size, end);
                    }
                    taken.put(where, where + size);
                }
            } else if (!taken.isEmpty()) {
                long wanted = POOL - random.nextLong(100_000);
                Map.Entry<Long, Long> block = taken.floorEntry(wanted);
                block = block == null ? taken.firstEntry() : block;
                taken.remove(block.getKey());
                ranges.give(block.getKey(), block.getValue());
                long begin = block.getKey();
                long end = block.getValue();
                Map.Entry<Long, Long> below = free.lowerEntry(begin);
                if (below != null && below.getValue() == begin) {
                    begin = below.getKey();
                }
                Long above = free.remove(end);
                end = above == null ? end : above;
                free.put(begin, end);
                assertThat(ranges.beginningAt(begin)).as(at).isEqualTo(end - begin);
                assertThat(ranges.endingAt(end)).as(at).isEqualTo(end - begin);
            }
            assertThat(ranges.count()).as(at).isEqualTo(free.size());
        }
    }
}
