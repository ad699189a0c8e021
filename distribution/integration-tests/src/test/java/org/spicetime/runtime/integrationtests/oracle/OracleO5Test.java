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

/** Below the bound of Liu and Layland: A(20,100) B(40,150) C(100,350). */
final class OracleO5Test {

    private static final SimulatedTask[] TASKS = {
        periodic("A", 20, 100), periodic("B", 40, 150), periodic("C", 100, 350)
    };

    @Test
    void rateMonotonicMissesNothing() {
        SimulationResult seen = rateMonotonic(2100, TASKS);
        assertThat(seen.jobs()).hasSize(41);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20L, 60L, 240L);
    }

    @Test
    void earliestDeadlineMissesNothing() {
        SimulationResult seen = earliestDeadline(2100, TASKS);
        assertThat(seen.jobs()).hasSize(41);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20L, 60L, 240L);
    }
}
