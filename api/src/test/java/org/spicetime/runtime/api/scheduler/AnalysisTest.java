// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnalysisTest {

    private static final UUID A = new UUID(0, 1);

    @Test
    void aDemandTellsItsUtilisation() {
        assertThat(new TaskDemand(A, 3, 12, 12, 1).utilisation()).isEqualTo(0.25);
    }

    @Test
    void aDemandHasPositiveSpans() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskDemand(A, 0, 1, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskDemand(A, 1, 0, 1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskDemand(A, 1, 1, -1, 0))
                .withMessageContaining("relative deadline must be positive, was -1 ns");
    }

    @Test
    void aBudgetIsAShareOfItsSlots() {
        assertThat(new Budget(4, 0.5).processors()).isEqualTo(2.0);
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Budget(1, 1.01));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Budget(1, 1, true, -1))
                .withMessageContaining("blocking must not be negative, was -1 ns");
    }

    @Test
    void anAnalysisIsFiniteAndNamesEachTaskOnce() {
        Analysis.ResponseTime time = new Analysis.ResponseTime(A, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guaranteed(Double.NaN, OptionalDouble.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guaranteed(0.5, OptionalDouble.of(Double.POSITIVE_INFINITY)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guaranteed(0.5, OptionalDouble.empty(), time, time))
                .withMessageContaining("given twice");
        assertThat(guaranteed(0.5, OptionalDouble.empty(), time).schedulable()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new Analysis.ResponseTime(A, 0));
    }

    private static Analysis guaranteed(
            double utilisation, OptionalDouble bound, Analysis.ResponseTime... times) {
        return new Analysis(
                Analysis.Verdict.GUARANTEED,
                utilisation,
                bound,
                List.of(times),
                Optional.empty(),
                "r");
    }
}
