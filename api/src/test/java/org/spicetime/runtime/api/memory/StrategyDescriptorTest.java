// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StrategyDescriptorTest {

    private static StrategyDescriptor of(String name, long granule, long pool, long block) {
        return new StrategyDescriptor(
                name,
                "1.0.0",
                "A strategy.",
                true,
                granule,
                pool,
                block,
                true,
                Concurrency.SINGLE,
                List.of());
    }

    @Test
    void sizesThatFitTogetherAreTaken() {
        assertThat(of("TLSF", 16, 1 << 20, 1 << 20).granuleBytes()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({"0,1024,16", "24,1024,16", "-16,1024,16", "16,0,16", "16,1000,16", "16,1024,0"})
    void sizesThatDoNotAreRefused(long granule, long pool, long block) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("TLSF", granule, pool, block))
                .withMessageContaining("strategy TLSF");
    }

    @Test
    void namesAreEnumValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("tlsf", 16, 1024, 1024))
                .withMessageContaining("strategy name must match");
    }

    @ParameterizedTest
    @CsvSource({"16,1048576,65536", "1,1,1", "16,48,32"})
    void aGeometryOfPowersOfTwoIsTaken(long granule, long pool, long zone) {
        assertThat(new Geometry(granule, pool, zone).zoneBytes()).isEqualTo(zone);
    }

    @ParameterizedTest
    @CsvSource({"0,1024,64", "16,1000,64", "16,1024,48", "16,1024,8", "16,1024,2048"})
    void anotherGeometryIsRefused(long granule, long pool, long zone) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(granule, pool, zone));
    }

    @ParameterizedTest
    @EnumSource
    void eachFailureIsItsOwnNegativeNumber(AllocationFailure failure) {
        assertThat(failure.result()).isNegative();
        assertThat(AllocationFailure.of(failure.result())).contains(failure);
    }

    @Test
    void blockIdsAreNoFailures() {
        assertThat(AllocationFailure.of(0)).isEmpty();
        assertThat(AllocationFailure.of(Long.MAX_VALUE)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> AllocationFailure.of(-4));
    }
}
