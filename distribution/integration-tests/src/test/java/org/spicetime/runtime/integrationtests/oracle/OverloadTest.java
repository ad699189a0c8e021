// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.scheduler.earliestdeadline.EarliestDeadlineFactory;
import org.spicetime.runtime.scheduler.fifo.FifoFactory;
import org.spicetime.runtime.scheduler.ratemonotonic.RateMonotonicFactory;
import org.spicetime.runtime.testkit.simulation.RandomTaskSets;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/**
 * Deadlines missed on random sets, by utilisation: none under EDF up to 1, nearly all above, while
 * fixed priorities degrade gently.
 */
final class OverloadTest {
    private static final int SETS = 150;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @ParameterizedTest
    @ValueSource(doubles = {1.06, 1.1, 1.2})
    void aboveOneEarliestDeadlineMissesMoreThanRateMonotonic(double utilisation) {
        Missed missed = missed(utilisation);
        assertThat(missed.edf()).isGreaterThan(missed.rm());
        assertThat(missed.fifo()).isGreaterThan(missed.rm());
    }

    @Test
    void belowOneOnlyEarliestDeadlineMissesNothing() {
        Missed missed = missed(0.98);
        assertThat(missed.edf()).isZero();
        assertThat(missed.rm()).isPositive().isLessThan(missed.fifo());
    }

    /** Percentages. */
    private record Missed(double edf, double rm, double fifo) {}

    private Missed missed(double utilisation) {
        RandomTaskSets sets = new RandomTaskSets(new SplittableRandom(seed));
        double[] late = new double[3];
        double releases = 0;
        for (int i = 0; i < SETS; i++) {
            List<SimulatedTask> set = sets.next(utilisation - 0.02, utilisation + 0.02);
            SimulationResult edf = run(new EarliestDeadlineFactory(), set);
            late[0] += edf.allMisses();
            late[1] += run(new RateMonotonicFactory(), set).allMisses();
            late[2] += run(new FifoFactory(), set).allMisses();
            releases += edf.jobs().size();
        }
        Missed missed =
                new Missed(
                        100 * late[0] / releases,
                        100 * late[1] / releases,
                        100 * late[2] / releases);
        System.out.printf(
                "utilisation %.2f: missed %% EDF %.1f, RM %.1f, FIFO %.1f (seed %d)%n",
                utilisation, missed.edf(), missed.rm(), missed.fifo(), seed);
        return missed;
    }

    private static SimulationResult run(SchedulingPolicyFactory policy, List<SimulatedTask> set) {
        return Simulation.under(policy).tasks(set).run(RandomTaskSets.HYPERPERIOD);
    }
}
