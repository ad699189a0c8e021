// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.deadlinemonotonic;

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

/** What comes of deadlines before the next release. */
final class KnownScheduleTest {
    private final DeadlineMonotonicFactory factory = new DeadlineMonotonicFactory();
    private final SchedulabilityTest test = factory.schedulabilityTest().orElseThrow();

    @Test
    void theEarlierDeadlineGoesFirstAlthoughItsPeriodIsLonger() {
        List<SimulatedTask> set =
                List.of(
                        SimulatedTask.periodic("A", 2, 6),
                        SimulatedTask.periodic("B", 3, 8).withDeadline(4));
        SimulationResult seen = Simulation.under(factory).tasks(set).run(24);
        assertThat(seen.trace()).startsWith("B0-3 A3-5 ");
        assertThat(seen.allMisses()).isZero();
        assertThat(seen.longestResponses()).containsEntry("A", 5L).containsEntry("B", 3L);
        Analysis analysis = test.analyse(RandomTaskSets.demands(set), new Budget(1, 1));
        assertThat(analysis.verdict()).isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void theAnalysisAgreesWithWhatHappensWhereverNoTwoDeadlinesAreEqual() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DM analysis against simulation: seed " + seed);
        RandomTaskSets sets = new RandomTaskSets(new SplittableRandom(seed));
        int guaranteed = 0;
        int compared = 0;
        while (compared < 2500) {
            List<SimulatedTask> set = sets.earlierDeadlines(sets.next(0.4, 1));
            if (set.stream().map(SimulatedTask::deadline).distinct().count() < set.size()) continue;
            compared++;
            SimulationResult seen =
                    Simulation.under(factory).tasks(set).run(RandomTaskSets.busyPeriod(set));
            Analysis analysis = test.analyse(RandomTaskSets.demands(set), new Budget(1, 1));
            assertThat(analysis.schedulable())
                    .as("%s: %s, seed %s", set, analysis.reason(), seed)
                    .isEqualTo(seen.allMisses() == 0);
            for (Analysis.ResponseTime time : analysis.responseTimes()) {
                String name = set.get((int) time.id().getLeastSignificantBits()).name();
                assertThat(time.worstNanos())
                        .as("%s of %s, seed %s", name, set, seed)
                        .isEqualTo(seen.longestResponse(name));
            }
            if (analysis.schedulable()) guaranteed++;
        }
        assertThat(guaranteed).isBetween(250, 2250);
    }
}
