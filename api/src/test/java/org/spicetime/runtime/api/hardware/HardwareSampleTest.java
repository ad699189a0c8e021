// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HardwareSampleTest {

    @Test
    void aSampleThatKnowsNothingHoldsNoNumber() {
        HardwareSample sample = HardwareSample.unknown(Instant.EPOCH);
        assertThat(sample.sampledAt()).isEqualTo(Instant.EPOCH);
        assertThat(sample.processor().temperatureCelsius()).isEmpty();
        assertThat(sample.processor().loadRatioPerProcessor()).isEmpty();
        assertThat(sample.memory().usedBytes()).isEmpty();
        assertThat(sample.network().receivedBytesPerSecond()).isEmpty();
        assertThat(sample.disk().operationsPerSecond()).isEmpty();
        assertThat(sample.fileSystems()).isEmpty();
        assertThat(HardwareFacts.UNKNOWN.memoryBytes()).isEmpty();
    }

    @Test
    void loadsAreRatios() {
        assertThatIllegalArgumentException().isThrownBy(() -> load(OptionalDouble.of(1.01)));
        assertThatIllegalArgumentException().isThrownBy(() -> load(OptionalDouble.of(Double.NaN)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> load(OptionalDouble.of(-0.01)))
                .withMessageContaining("processor load must be between 0 and 1, was -0.01");
        assertThat(load(OptionalDouble.of(1)).loadRatio()).hasValue(1);
    }

    @Test
    void anUnknownFrequencyIsAbsentNotMinusOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new HardwareFacts(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalLong.of(-1),
                                OptionalLong.empty()))
                .withMessageContaining("highest frequency must be positive, was -1");
    }

    @Test
    void usedMemoryIsTheTotalWithoutWhatIsAvailable() {
        assertThat(memory(OptionalLong.of(100), OptionalLong.of(30)).usedBytes()).hasValue(70);
        assertThat(memory(OptionalLong.of(100), OptionalLong.empty()).usedBytes()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory(OptionalLong.of(100), OptionalLong.of(101)))
                .withMessageContaining("available memory cannot exceed the whole, was 101 of 100");
    }

    @Test
    void aFileSystemHasAMountPointAndNoMoreUsableThanTotal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new FileSystemSample(" ", "", OptionalLong.empty(), OptionalLong.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new FileSystemSample("/", "ext4", OptionalLong.of(1), OptionalLong.of(2)));
    }

    private static ProcessorSample load(OptionalDouble ratio) {
        return new ProcessorSample(
                ratio,
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static MemorySample memory(OptionalLong total, OptionalLong available) {
        return new MemorySample(
                total, available, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
}
