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

/** Three tasks at utilisation 0.93: A(3,7) B(3,12) C(5,20). */
final class OracleO1Test {

    private static final SimulatedTask[] TASKS = {
        periodic("A", 3, 7), periodic("B", 3, 12), periodic("C", 5, 20)
    };

    @Test
    void rateMonotonicFollowsTheKnownTraceAndMissesNothing() {
        SimulationResult seen = rateMonotonic(420, TASKS);
        assertThat(seen.trace())
                .startsWith("A0-3 B3-6 C6-7 A7-10 C10-12 B12-14 A14-17 B17-18 C18-20 ");
        assertThat(seen.jobs()).hasSize(116);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 3L, 6L, 20L);
    }

    @Test
    void earliestDeadlineMissesNothing() {
        SimulationResult seen = earliestDeadline(420, TASKS);
        assertThat(seen.jobs()).hasSize(116);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 3L, 8L, 14L);
    }
}
