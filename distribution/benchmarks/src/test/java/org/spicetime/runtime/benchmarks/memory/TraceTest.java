// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final Trace TRACE = Trace.of("test", 1_000, 9_000, 16, 64 << 10, 1, 1);

    @Test
    void theFirstOperationsFillAllSlotsInOrder() {
        for (int i = 0; i < TRACE.live(); i++) assertThat(TRACE.slot(i)).isEqualTo(i);
    }

    @Test
    void theNumbersAreThePublishedOnes() {
        assertThat(IntStream.range(0, 3).map(TRACE::size)).containsExactly(7909, 644, 9119);
        assertThat(IntStream.range(1_000, 1_003).map(TRACE::slot)).containsExactly(109, 868, 63);
        assertThat(TRACE.peakBytes()).isEqualTo(8673447);
    }

    @Test
    void sizesAreSpreadEvenlyOverTheirLogarithm() {
        int[] eachDoubling = new int[12];
        for (int i = 0; i < TRACE.operations(); i++) {
            assertThat(TRACE.size(i)).isBetween(16, 64 << 10);
            eachDoubling[31 - Integer.numberOfLeadingZeros(TRACE.size(i)) - 4]++;
        }
        for (int count : eachDoubling) assertThat(count).isBetween(700, 970);
    }

    @Test
    void sizesGrowInTheSecondHalfOfThePairs() {
        Trace grown = Trace.of("test", 1_000, 9_000, 16, 64 << 10, 4, 1);

        assertThat(grown.size(5_499)).isEqualTo(TRACE.size(5_499));
        assertThat(grown.size(5_500)).isEqualTo(4 * TRACE.size(5_500));
        assertThat(grown.peakBytes()).isGreaterThan(3 * TRACE.peakBytes());
    }
}
