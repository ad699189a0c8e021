// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.assertLongest;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.earliestDeadline;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.rateMonotonic;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Harmonic periods that fill the processor: A(5,20) B(10,40) C(40,80). */
final class OracleO3Test {

    private static final SimulatedTask[] TASKS = {
        periodic("A", 5, 20), periodic("B", 10, 40), periodic("C", 40, 80)
    };

    @Test
    void rateMonotonicIsNeverIdleAndMissesNothing() {
        SimulationResult seen = rateMonotonic(80, TASKS);
        assertThat(seen.units()).hasSize(80).doesNotContain("-");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 5L, 15L, 80L);
    }

    @Test
    void earliestDeadlineMissesNothing() {
        SimulationResult seen = earliestDeadline(80, TASKS);
        assertThat(seen.units()).hasSize(80).doesNotContain("-");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20L, 35L, 65L);
    }
}
