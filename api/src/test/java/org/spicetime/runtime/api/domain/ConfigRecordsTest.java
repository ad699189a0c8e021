// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRecordsTest {

    private static final GcConfig NO_GC =
            new GcConfig(
                    GcStrategy.NONE,
                    0.8,
                    Duration.ofNanos(500_000),
                    Duration.ZERO,
                    false,
                    LeakAction.RECLAIM);

    @Test
    void aPriorityRangeHasAtMost4096Levels() {
        assertThat(new PriorityConfig(0, 4095, 0, PriorityProtocol.NONE).max()).isEqualTo(4095);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PriorityConfig(0, 4096, 0, PriorityProtocol.NONE))
                .withMessageContaining("4097");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new PriorityConfig(
                                Integer.MIN_VALUE, Integer.MAX_VALUE, 0, PriorityProtocol.NONE))
                .withMessageContaining("4294967296");
    }

    @Test
    void theDefaultPriorityLiesWithinTheRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PriorityConfig(1, 10, 11, PriorityProtocol.NONE))
                .withMessageContaining("1 .. 10");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1 << 20, (4 << 20) + 1, Long.MIN_VALUE})
    void aPoolIsAMultipleOfOneMebibyteAndAtLeastFour(long bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new MemoryConfig(bytes, "TLSF", NO_GC, SwapPolicy.NONE, 0, Map.of()))
                .withMessageContaining(Long.toString(bytes));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void anOccupancyIsARatio(double threshold) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new GcConfig(
                                GcStrategy.NONE,
                                threshold,
                                Duration.ZERO,
                                Duration.ZERO,
                                false,
                                LeakAction.RECLAIM))
                .withMessageContaining("threshold");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void parallelismIsBounded(int parallelism) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ExecutorConfig(
                                parallelism,
                                false,
                                1,
                                QueuePolicy.FIFO,
                                0,
                                OverflowPolicy.REJECT,
                                Duration.ZERO))
                .withMessageContaining(Integer.toString(parallelism));
    }
}
