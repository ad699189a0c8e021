// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MemoryMetricsTest {

    private static MemoryMetrics pool(long total, long used, long free, long cached) {
        return new MemoryMetrics(total, used, free, cached, 0, 0, free, OptionalDouble.of(0), 0);
    }

    @Test
    void thePartsAddUpToTheTotal() {
        assertThat(pool(100, 30, 60, 10).total()).isEqualTo(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool(100, 30, 60, 11))
                .withMessageContaining("used + cached + free");
    }

    @Test
    void noPartIsNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool(100, -10, 100, 10))
                .withMessageContaining("used must not be negative, was -10");
    }

    @Test
    void aPartDoesNotExceedItsWhole() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryMetrics(10, 4, 6, 0, 0, 5, 6, OptionalDouble.of(0), 0))
                .withMessageContaining("leaked is a part of used");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryMetrics(10, 4, 6, 0, 0, 0, 7, OptionalDouble.of(0), 0))
                .withMessageContaining("largestFree cannot exceed");
    }

    @Test
    void fragmentationIsARatio() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new MemoryMetrics(10, 4, 6, 0, 0, 0, 6, OptionalDouble.of(Double.NaN), 0));
        assertThat(
                        new MemoryMetrics(10, 10, 0, 0, 99, 0, 0, OptionalDouble.empty(), 1)
                                .fragmentation())
                .isEmpty();
    }

    @Test
    void fragmentationIsTheShareOutsideTheLargestFreeBlock() {
        assertThat(new FragmentationStats(100, 25, 4, 0).fragmentationRatio()).hasValue(0.75);
        assertThat(new FragmentationStats(0, 0, 0, 0).fragmentationRatio()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FragmentationStats(1, 2, 1, 0))
                .withMessageContaining("largest free block cannot exceed free memory");
    }
}
