// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.scheduler.earliestdeadline.EarliestDeadlineFactory;
import org.spicetime.runtime.scheduler.fifo.FifoFactory;
import org.spicetime.runtime.scheduler.fixedpriority.FixedPriorityFactory;
import org.spicetime.runtime.scheduler.ratemonotonic.RateMonotonicFactory;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Runs task sets under the policies that the oracles speak of, on one slot. */
final class Oracle {
    private Oracle() {}

    static SimulationResult earliestDeadline(long horizon, SimulatedTask... tasks) {
        return Simulation.under(new EarliestDeadlineFactory()).tasks(tasks).run(horizon);
    }

    static SimulationResult fifo(long horizon, SimulatedTask... tasks) {
        return Simulation.under(new FifoFactory()).tasks(tasks).run(horizon);
    }

    /** The shortest period first; priorities in that order must give the same run. */
    static SimulationResult rateMonotonic(long horizon, SimulatedTask... tasks) {
        List<SimulatedTask> ranked = new ArrayList<>();
        for (SimulatedTask task : tasks) {
            long longer = List.of(tasks).stream().filter(o -> o.period() > task.period()).count();
            ranked.add(task.withPriority((int) longer));
        }
        SimulationResult seen =
                Simulation.under(new RateMonotonicFactory()).tasks(tasks).run(horizon);
        assertThat(Simulation.under(new FixedPriorityFactory()).tasks(ranked).run(horizon).trace())
                .isEqualTo(seen.trace());
        return seen;
    }

    /** Asserts the longest response times, in the order of the tasks. */
    static void assertLongest(SimulationResult seen, Long... longest) {
        assertThat(seen.longestResponses().values()).containsExactly(longest);
    }
}
