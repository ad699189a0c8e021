// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.ratemonotonic;

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

/** The analysis of rate-monotonic sets against runs of the shipped kernel in virtual time. */
final class RandomSetsTest {
    private static final int SETS = 10_000;

    private final RateMonotonicFactory factory = new RateMonotonicFactory();
    private final SchedulabilityTest test = factory.schedulabilityTest().orElseThrow();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final RandomTaskSets sets = new RandomTaskSets(new SplittableRandom(seed));

    @Test
    void theAnalysisAgreesExactlyWithWhatHappens() {
        System.out.println("RM analysis against simulation: seed " + seed);
        int guaranteed = 0;
        int beyondTheBound = 0;
        for (int i = 0; i < SETS; i++) {
            List<SimulatedTask> set = sets.next(0.8, 1);
            // The longest response of each task is found before the processor is idle first.
            SimulationResult seen =
                    Simulation.under(factory).tasks(set).run(RandomTaskSets.busyPeriod(set));
            Analysis analysis = test.analyse(RandomTaskSets.demands(set), new Budget(1, 1));
            String what = set + ": " + analysis.reason() + ", seed " + seed;
            assertThat(analysis.verdict())
                    .as(what)
                    .isEqualTo(seen.allMisses() == 0 ? Verdict.GUARANTEED : Verdict.REFUTED);
            for (Analysis.ResponseTime time : analysis.responseTimes()) {
                String name = set.get((int) time.id().getLeastSignificantBits()).name();
                assertThat(time.worstNanos())
                        .as("%s of %s", name, what)
                        .isEqualTo(seen.longestResponse(name));
            }
            assertThat(analysis.responseTimes()).hasSameSizeAs(set);
            if (analysis.schedulable()) {
                guaranteed++;
                if (analysis.utilisation() > analysis.bound().orElseThrow()) beyondTheBound++;
            } else {
                assertThat(analysis.utilisation())
                        .as(what)
                        .isGreaterThan(analysis.bound().orElseThrow());
            }
        }
        assertThat(guaranteed).isBetween(SETS / 20, SETS - SETS / 20);
        assertThat(beyondTheBound).isGreaterThan(SETS / 100);
    }

    @Test
    void whatIsGuaranteedOnTwoSlotsMissesNothing() {
        System.out.println("RM on two slots: seed " + seed);
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
}
