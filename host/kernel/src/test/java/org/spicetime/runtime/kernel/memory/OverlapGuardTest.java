// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OverlapGuardTest {
    private static final long POOL = 5L << 20;

    @Test
    void itAgreesWithAPlainBitSetOnRandomRanges() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        OverlapGuard guard = new OverlapGuard(POOL);
        BitSet model = new BitSet();
        int granules = (int) (POOL / 16);
        for (int step = 0; step < 20_000; step++) {
            int first = random.nextInt(granules);
            int end = Math.min(granules, first + 1 + random.nextInt(1 << random.nextInt(18)));
            int next = model.nextSetBit(first);
            boolean free = next < 0 || next >= end;
            assertThat(guard.isFree(first * 16L, (end - first) * 16L))
                    .as("granules %d to %d at step %d of seed %d", first, end, step, seed)
                    .isEqualTo(free);
            if (random.nextBoolean()) {
                guard.claim(first * 16L, (end - first) * 16L);
                model.set(first, end);
            } else {
                guard.free(first * 16L, (end - first) * 16L);
                model.clear(first, end);
            }
        }
    }

    @Test
    void aRangeThatTouchesAnotherIsFreeAndOneGranuleMoreIsNot() {
        OverlapGuard guard = new OverlapGuard(POOL);
        guard.claim(1024, 1024);
        assertThat(guard.isFree(0, 1024)).isTrue();
        assertThat(guard.isFree(0, 1040)).isFalse();
        assertThat(guard.isFree(2048, POOL - 2048)).isTrue();
        assertThat(guard.isFree(2032, 16)).isFalse();
    }
}
