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

/** The longest response is not that of the first release: A(26,70) B(62,100). */
final class OracleO4Test {

    private static final SimulatedTask[] TASKS = {periodic("A", 26, 70), periodic("B", 62, 100)};

    @Test
    void rateMonotonicMissesSixOfSeventeen() {
        SimulationResult seen = rateMonotonic(700, TASKS);
        assertThat(seen.responses("B")).containsExactly(114L, 102L, 116L, 104L, 118L, 106L, 94L);
        assertThat(seen.jobs()).hasSize(17);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 6));
    }

    @Test
    void earliestDeadlineMissesNoneOfSeventeen() {
        SimulationResult seen = earliestDeadline(700, TASKS);
        assertThat(seen.responses("B")).containsExactly(88L, 76L, 90L, 78L, 92L, 80L, 68L);
        assertThat(seen.jobs()).hasSize(17);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 64L, 92L);
    }
}
