// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** How fast virtual time passes. */
final class SimulationSpeedTest {
    private static final List<SimulatedTask> TASKS =
            List.of(
                    periodic("A", 2, 10),
                    periodic("B", 4, 20),
                    periodic("C", 5, 30),
                    periodic("D", 10, 60),
                    periodic("E", 20, 120),
                    periodic("F", 10, 126));

    /** The time limit is for the slowest machine; the rate published is that of processor time. */
    @Test
    @Timeout(120)
    void millionsOfDecisionsTakeSeconds(TestReporter reporter) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long decisions = 0;
        double best = 0;
        for (int round = 0; round < 4; round++) {
            long before = threads.getCurrentThreadCpuTime();
            SimulationResult seen = Simulation.under(Keyed.DEADLINE).tasks(TASKS).run(1_500_000);
            long spent = threads.getCurrentThreadCpuTime() - before;
            decisions += seen.decisions();
            best = Math.max(best, 1e9 * seen.decisions() / spent);
        }
        reporter.publishEntry("decisions per second of processor time", Long.toString((long) best));
        assertThat(decisions).isGreaterThan(1_500_000);
    }
}
