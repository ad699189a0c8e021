// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void theMedianIsHeldAgainstTheBudget() {
        Figure fast = Figure.atLeast("ours : peer", "x", 4, "", List.of(3.0, 9.0, 4.5));

        assertThat(fast.isShort()).isFalse();
        assertThat(fast.line())
                .endsWith("4.50 x (median of 3, 3.00 to 9.00), budget at least 4.00 x: ok");
    }

    @Test
    void whatIsAboveItsBudgetIsShort() {
        Figure late = Figure.atMost("pause", "us", 100, "10 000 queued", List.of(90.0, 150.0));

        assertThat(late.isShort()).isTrue();
        assertThat(late.line())
                .endsWith("120 us (median of 2, 90.0 to 150), 10 000 queued, budget 100 us: short");
    }

    @Test
    void aSampleThatCouldNotBeTakenIsShort() {
        assertThat(Figure.atMost("pause", "us", 100, "", List.of(Double.NaN)).isShort()).isTrue();
    }

    @Test
    void aFigureWithoutABudgetSaysSo() {
        Figure told = Figure.told("peer", "ns", "", List.of(12.0));

        assertThat(told.isShort()).isFalse();
        assertThat(told.line()).endsWith("12.0 ns: no budget");
    }

    @Test
    void aPeerThatIsNotInstalledIsAbsentAndNotShort() {
        Figure absent = Figure.absent("ours : peer", "the peer is not installed");

        assertThat(absent.isShort()).isFalse();
        assertThat(absent.line()).endsWith("absent, the peer is not installed: no budget");
    }
}
