// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownTest {

    @Test
    void aMissingSensorReadsZeroAndIsUnknown() {
        assertThat(Known.celsius(0.0)).isEmpty();
        assertThat(Known.celsius(Double.NaN)).isEmpty();
        assertThat(Known.celsius(41.5)).hasValue(41.5);
    }

    @Test
    void aMissingFrequencyIsUnknown() {
        assertThat(Known.positive(-1L)).isEmpty();
        assertThat(Known.positive(0L)).isEmpty();
        assertThat(Known.positive(2_445_000_000L)).hasValue(2_445_000_000L);
    }

    @Test
    void aCounterThatWentBackHasNoRate() {
        assertThat(Known.rate(100, 50, 1_000_000_000)).isEmpty();
        assertThat(Known.rate(100, 300, 2_000_000_000)).hasValue(100.0);
        assertThat(Known.rate(100, 300, 0)).isEmpty();
    }

    @Test
    void aRatioSlightlyAboveOneIsRoundingAndFarAboveIsUnknown() {
        assertThat(Known.ratio(1.000_000_5)).hasValue(1.0);
        assertThat(Known.ratio(1.5)).isEmpty();
        assertThat(Known.ratio(-0.1)).isEmpty();
    }

    @Test
    void theWordUnknownIsNoName() {
        assertThat(Known.text("unknown")).isEmpty();
        assertThat(Known.text(" EPYC ")).hasValue("EPYC");
    }
}
