// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.OptionSpec;

class PolicyDescriptorTest {

    private static PolicyDescriptor named(String name, OptionSpec... options) {
        return new PolicyDescriptor(
                name,
                "1.0.0",
                "A policy.",
                Ordering.STRICT,
                true,
                true,
                Optional.of(new StarvationBound(1, 0)),
                List.of(options));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EDF", "ROUND_ROBIN", "ACME_EDF2", "A"})
    void namesAreEnumValues(String name) {
        assertThat(named(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "edf", "1EDF", "_EDF", "E DF", "EDF-2", "ÄDF"})
    void otherNamesAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(name))
                .withMessageContaining("policy name must match");
    }

    @Test
    void anOptionIsDeclaredOnce() {
        OptionSpec option = OptionSpec.flag("aging", true, "Ages.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named("EDF", option, option))
                .withMessageContaining("aging twice");
    }

    @Test
    void aStarvationBoundGrowsWithTheQueueAndSaturates() {
        assertThat(new StarvationBound(2, 3).picks(10)).isEqualTo(23);
        assertThat(new StarvationBound(Long.MAX_VALUE, 1).picks(2)).isEqualTo(Long.MAX_VALUE);
        assertThat(new StarvationBound(1, Long.MAX_VALUE).picks(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(new StarvationBound(1L << 62, 0).picks(2)).isEqualTo(Long.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> new StarvationBound(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StarvationBound(0, 0).picks(-1));
    }
}
