// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.assertLongest;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.earliestDeadline;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.rateMonotonic;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Two tasks at utilisation 34/35, beyond what fixed priorities can do: A(2,5) B(4,7). */
final class OracleO2Test {

    private static final SimulatedTask[] TASKS = {periodic("A", 2, 5), periodic("B", 4, 7)};

    @Test
    void rateMonotonicMissesTheFirstDeadlineOfTheSlowerTaskAndNoOther() {
        SimulationResult seen = rateMonotonic(35, TASKS);
        assertThat(seen.responses("B").getFirst()).isEqualTo(8);
        assertThat(seen.jobs("B").getFirst().end()).isGreaterThan(7);
        assertThat(seen.jobs()).hasSize(12);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 1));
    }

    @Test
    void earliestDeadlineFollowsTheKnownTraceAndKeepsTheSlotOnAnEqualDeadline() {
        SimulationResult seen = earliestDeadline(35, TASKS);
        assertThat(seen.trace())
                .isEqualTo(
                        "A0-2 B2-6 A6-8 B8-12 A12-14 B14-15 A15-17 B17-20 A20-22 B22-26 A26-28"
                                + " B28-32 A32-34");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 4L, 6L);
    }
}
