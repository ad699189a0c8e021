// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.oracle.Oracle.earliestDeadline;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.scheduler.earliestdeadline.EarliestDeadlineFactory;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Two slots, global and partitioned: A(2,10) B(2,10) C(10,11). */
final class OracleO8Test {

    private static final SimulatedTask A = periodic("A", 2, 10);
    private static final SimulatedTask B = periodic("B", 2, 10);
    private static final SimulatedTask C = periodic("C", 10, 11);

    @Test
    void globalEarliestDeadlineMissesTheDeadlineOfTheLongTask() {
        SimulationResult seen =
                Simulation.under(new EarliestDeadlineFactory()).slots(2).tasks(A, B, C).run(11);
        assertThat(seen.jobs("C").getFirst().end()).isEqualTo(12);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 0, "C", 1));
    }

    @Test
    void partitionedEarliestDeadlineMissesNothing() {
        SimulationResult first = earliestDeadline(110, A, B);
        SimulationResult second = earliestDeadline(110, C);
        assertThat(first.jobs()).hasSize(22);
        assertThat(second.jobs()).hasSize(10);
        assertThat(first.allMisses() + second.allMisses()).isZero();
    }
}
