// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.assertLongest;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.earliestDeadline;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.fifo;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.rateMonotonic;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Overload, utilisation 1.11: A(2,5) B(4,7) C(2,14). */
final class OracleO6Test {

    private static final SimulatedTask[] TASKS = {
        periodic("A", 2, 5), periodic("B", 4, 7), periodic("C", 2, 14)
    };

    @Test
    void rateMonotonicHurtsTheLongestPeriods() {
        SimulationResult seen = rateMonotonic(70, TASKS);
        assertThat(seen.jobs()).hasSize(29);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 2, "C", 5));
    }

    @Test
    void earliestDeadlineHurtsEverybody() {
        SimulationResult seen = earliestDeadline(70, TASKS);
        assertThat(seen.jobs()).hasSize(29);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 9, "B", 8, "C", 2));
        assertLongest(seen, 13L, 13L, 16L);
    }

    @Test
    void fifoWithoutPreemptionHurtsTheShortestPeriods() {
        SimulationResult seen = fifo(70, TASKS);
        assertThat(seen.jobs()).hasSize(29);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 12, "B", 7, "C", 0));
        assertLongest(seen, 13L, 13L, 14L);
    }
}
