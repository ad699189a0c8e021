// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.earliestdeadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Verdict;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.testkit.simulation.RandomTaskSets;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** What EDF promises, on random sets run by the shipped kernel in virtual time. */
final class RandomFeasibleSetsTest {
    private static final int SETS = 10_000;
    private static final Budget ONE = new Budget(1, 1);

    private final EarliestDeadlineFactory factory = new EarliestDeadlineFactory();
    private final SchedulabilityTest test = factory.schedulabilityTest().orElseThrow();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final RandomTaskSets sets = new RandomTaskSets(new SplittableRandom(seed));

    @Test
    void noDeadlineIsMissedUpToAUtilisationOfOne() {
        System.out.println("EDF on feasible sets: seed " + seed);
        long releases = 0;
        for (int i = 0; i < SETS; i++) {
            List<SimulatedTask> set = sets.next(i % 2 == 0 ? 0.5 : 0.95, 1);
            SimulationResult seen = run(set, 1);
            releases += seen.jobs().size();
            assertThat(seen.allMisses()).as("misses of %s, seed %s", set, seed).isZero();
            assertThat(analysis(set).verdict()).isEqualTo(Verdict.GUARANTEED);
        }
        assertThat(releases).isGreaterThan(10L * SETS);
    }

    @Test
    void theAnalysisOfEarlierDeadlinesAgreesWithWhatHappens() {
        System.out.println("EDF analysis against simulation: seed " + seed);
        int guaranteed = 0;
        for (int i = 0; i < SETS / 4; i++) {
            List<SimulatedTask> set = sets.earlierDeadlines(sets.next(0.3, 1));
            SimulationResult seen = run(set, 1);
            Analysis analysis = analysis(set);
            assertThat(analysis.schedulable())
                    .as("%s: %s, seed %s", set, analysis.reason(), seed)
                    .isEqualTo(seen.allMisses() == 0);
            if (!analysis.schedulable()) continue;
            guaranteed++;
            for (Analysis.ResponseTime time : analysis.responseTimes()) {
                SimulatedTask task = set.get((int) time.id().getLeastSignificantBits());
                assertThat(seen.longestResponse(task.name()))
                        .as("%s of %s, seed %s", task.name(), set, seed)
                        .isLessThanOrEqualTo(time.worstNanos());
            }
        }
        assertThat(guaranteed).isBetween(SETS / 40, SETS / 4 - SETS / 40);
    }

    @Test
    void whatIsGuaranteedOnTwoSlotsMissesNothing() {
        System.out.println("EDF on two slots: seed " + seed);
        int guaranteed = 0;
        for (int i = 0; i < SETS / 10; i++) {
            List<SimulatedTask> set = sets.next(0.5, 1.9);
            if (i % 2 == 0) set = sets.earlierDeadlines(set);
            boolean preemptive = i % 4 < 2;
            Analysis analysis =
                    test.analyse(RandomTaskSets.demands(set), new Budget(2, 1, preemptive, 0));
            if (!analysis.schedulable()) continue;
            guaranteed++;
            SimulationResult seen =
                    Simulation.under(factory)
                            .tasks(set)
                            .slots(2)
                            .preemptive(preemptive)
                            .run(RandomTaskSets.HYPERPERIOD);
            assertThat(seen.allMisses())
                    .as("%s, preemptive %s: %s, seed %s", set, preemptive, analysis.reason(), seed)
                    .isZero();
        }
        assertThat(guaranteed).isGreaterThan(SETS / 100);
    }

    private Analysis analysis(List<SimulatedTask> set) {
        return test.analyse(RandomTaskSets.demands(set), ONE);
    }

    private SimulationResult run(List<SimulatedTask> set, int slots) {
        return Simulation.under(factory).tasks(set).slots(slots).run(RandomTaskSets.HYPERPERIOD);
    }
}
