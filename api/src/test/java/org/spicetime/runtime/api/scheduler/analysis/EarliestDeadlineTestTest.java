// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.ONE;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.implicit;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.response;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Verdict;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.TaskDemand;

class EarliestDeadlineTestTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final EarliestDeadlineTest test = new EarliestDeadlineTest();

    @Test
    void oneProcessorIsExactlyWhatCanBeUsed() {
        Analysis full = test.analyse(implicit(5, 20, 10, 40, 40, 80), ONE);
        assertThat(full.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(full.bound()).hasValue(1);
        Analysis over = test.analyse(implicit(2, 5, 4, 7, 2, 14), ONE);
        assertThat(over.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(over.reason()).isEqualTo("utilisation is 1.1143, allowed is 1.0000");
        assertThat(test.analyse(implicit(2, 5, 4, 7), ONE).verdict()).isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void anIntervalThatIsTooShortIsTold() {
        Analysis analysis = test.analyse(List.of(task(0, 3, 10, 4), task(1, 3, 10, 5)), ONE);
        assertThat(analysis.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(analysis.shortfall())
                .hasValueSatisfying(what -> {
                    assertThat(what.value()).isEqualTo(6);
                    assertThat(what.limit()).isEqualTo(5);
                });
    }

    @Test
    void theVerdictIsThatOfPlainEnumeration() {
        SplittableRandom random = Sets.random("EDF against enumeration");
        int guaranteed = 0;
        for (int i = 0; i < 10_000; i++) {
            List<TaskDemand> set = Sets.random(random, true);
            Analysis analysis = test.analyse(set, ONE);
            assertThat(analysis.verdict())
                    .as("%s", set)
                    .isEqualTo(fits(set) ? Verdict.GUARANTEED : Verdict.REFUTED);
            if (analysis.schedulable()) guaranteed++;
        }
        assertThat(guaranteed).isBetween(1000, 9000);
    }

    @Test
    void noResponseTimeIsBeyondADeadlineThatIsGuaranteed() {
        SplittableRandom random = Sets.random("EDF response times");
        for (int i = 0; i < 3000; i++) {
            List<TaskDemand> set = Sets.random(random, true);
            Analysis analysis = test.analyse(set, ONE);
            if (!analysis.schedulable()) continue;
            for (int k = 0; k < set.size(); k++) {
                assertThat(response(analysis, k))
                        .as("%s of %s", k, set)
                        .isBetween(set.get(k).costNanos(), set.get(k).relativeDeadlineNanos());
            }
        }
    }

    @Test
    void whatRunsToItsEndBlocksTheMoreUrgent() {
        Budget whole = new Budget(1, 1, false, 0);
        assertThat(test.analyse(implicit(2, 10, 9, 40), whole).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(test.analyse(implicit(2, 11, 9, 40), whole).verdict())
                .isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void aTaskWithoutADeadlineIsWorkOnly() {
        List<TaskDemand> set = List.of(task(0, 5, 10, 10), task(1, 50, 100, NEVER));
        Analysis analysis = test.analyse(set, ONE);
        assertThat(analysis.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(response(analysis, 0)).isEqualTo(5);
        assertThat(
                        test.analyse(List.of(task(0, 6, 10, 10), task(1, 50, 100, NEVER)), ONE)
                                .verdict())
                .isEqualTo(Verdict.REFUTED);
    }

    @Test
    void aTaskThatIsReleasedOnceCountsOnce() {
        List<TaskDemand> set = List.of(task(0, 5, 10, 10), task(1, 5, NEVER, 10));
        assertThat(test.analyse(set, ONE).verdict()).isEqualTo(Verdict.GUARANTEED);
        Analysis more = test.analyse(List.of(task(0, 5, 10, 10), task(1, 6, NEVER, 10)), ONE);
        assertThat(more.verdict()).isEqualTo(Verdict.REFUTED);
    }

    @Test
    void severalSlotsHaveASufficientTest() {
        Budget two = new Budget(2, 1);
        Analysis heavy = test.analyse(implicit(2, 10, 2, 10, 10, 11), two);
        assertThat(heavy.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(heavy.reason()).contains("density (Goossens, Funk and Baruah) is 1.3091");
        Analysis light = test.analyse(implicit(5, 10, 5, 10, 5, 10), two);
        assertThat(light.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(light.bound()).hasValue(1.5);
        assertThat(test.analyse(implicit(9, 10, 9, 10, 9, 10), two).verdict())
                .isEqualTo(Verdict.REFUTED);
        assertThat(
                        test.analyse(implicit(1, 10, 1, 10, 1, 10), new Budget(2, 1, false, 0))
                                .verdict())
                .isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void theAnalysisEndsEvenIfTheNumbersAreHostile() {
        List<TaskDemand> set = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            long period = Duration.ofDays(366).toNanos() - 7919L * i;
            set.add(task(i, period / 1001, period, period - 1 - i));
        }
        set.add(task(1000, 1, 1_000_003, 1_000_000));
        long before = System.nanoTime();
        Analysis analysis = test.analyse(set, ONE);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(analysis.reason()).isNotBlank();
    }

    /* The demand of every interval up to the longest busy period and hyperperiod there can be. */
    private static boolean fits(List<TaskDemand> set) {
        long work = 0;
        for (TaskDemand task : set) work += 120 / task.periodNanos() * task.costNanos();
        if (work > 120) return false;
        for (long interval = 1; interval <= 360; interval++) {
            long demand = 0;
            for (TaskDemand task : set) {
                if (task.relativeDeadlineNanos() > interval) continue;
                demand +=
                        ((interval - task.relativeDeadlineNanos()) / task.periodNanos() + 1)
                                * task.costNanos();
            }
            if (demand > interval) return false;
        }
        return true;
    }
}
