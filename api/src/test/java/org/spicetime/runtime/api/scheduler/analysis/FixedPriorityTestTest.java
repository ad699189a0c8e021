// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.ONE;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.implicit;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.response;
import static org.spicetime.runtime.api.scheduler.analysis.Sets.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Verdict;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.TaskDemand;

class FixedPriorityTestTest {
    private final FixedPriorityTest byPeriod = new FixedPriorityTest(TaskDemand::periodNanos);
    private final FixedPriorityTest byDeadline =
            new FixedPriorityTest(TaskDemand::relativeDeadlineNanos);

    @Test
    void knownSetsHaveTheirKnownResponseTimes() {
        Analysis first = byPeriod.analyse(implicit(3, 7, 3, 12, 5, 20), ONE);
        assertThat(first.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(List.of(response(first, 0), response(first, 1), response(first, 2)))
                .containsExactly(3L, 6L, 20L);
        Analysis harmonic = byPeriod.analyse(implicit(5, 20, 10, 40, 40, 80), ONE);
        assertThat(harmonic.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(response(harmonic, 2)).isEqualTo(80);
    }

    @Test
    void theWorstReleaseNeedNotBeTheFirst() {
        Analysis analysis = byPeriod.analyse(implicit(26, 70, 62, 100), ONE);
        assertThat(analysis.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(response(analysis, 0)).isEqualTo(26);
        assertThat(response(analysis, 1)).isEqualTo(118);
        assertThat(analysis.shortfall())
                .hasValueSatisfying(what -> {
                    assertThat(what.task()).contains(new UUID(0, 1));
                    assertThat(what.value()).isEqualTo(118);
                    assertThat(what.limit()).isEqualTo(100);
                });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, .8284", "3, .7798", "4, .7568", "5, .7435", "6, .7348"})
    void theBoundIsThatOfLiuAndLayland(int size, double bound) {
        long[] set = new long[2 * size];
        for (int i = 0; i < size; i++) {
            set[2 * i] = 1;
            set[2 * i + 1] = 100L + i;
        }
        assertThat(byPeriod.analyse(implicit(set), ONE).bound().orElseThrow())
                .isCloseTo(bound, within(0.00005));
    }

    @Test
    void moreThanOneProcessorIsRefusedWithTheNumbers() {
        Analysis analysis = byPeriod.analyse(implicit(2, 5, 4, 7, 2, 14), ONE);
        assertThat(analysis.verdict()).isEqualTo(Verdict.REFUTED);
        assertThat(analysis.reason()).isEqualTo("utilisation is 1.1143, allowed is 1.0000");
    }

    @Test
    void oneProcessorToTheFullIsNotMoreThanOne() {
        assertThat(byPeriod.analyse(implicit(1, 3, 1, 3, 1, 3), ONE).verdict())
                .isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void deadlinesBeyondTheNextReleaseAreAnalysedOverTheBusyPeriod() {
        // Lehoczky 1990: response times of the second task 114, 102, 116, 104, 118, 106, 94.
        List<TaskDemand> set = List.of(task(0, 26, 70, 70), task(1, 62, 100, 118));
        assertThat(byDeadline.analyse(set, ONE).verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(response(byDeadline.analyse(set, ONE), 1)).isEqualTo(118);
    }

    @Test
    void whatRunsToItsEndBlocksTheMoreUrgent() {
        List<TaskDemand> set = implicit(2, 10, 9, 40);
        assertThat(byPeriod.analyse(set, ONE).verdict()).isEqualTo(Verdict.GUARANTEED);
        Analysis blocked = byPeriod.analyse(set, new Budget(1, 1, false, 0));
        assertThat(blocked.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(blocked.shortfall().orElseThrow().value()).isEqualTo(11);
        assertThat(byPeriod.analyse(implicit(2, 11, 9, 40), new Budget(1, 1, false, 0)).verdict())
                .isEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void aShareStretchesRunTimesAndDelaysThem() {
        Analysis half = byPeriod.analyse(implicit(2, 10), new Budget(1, 0.5, true, 3));
        assertThat(half.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(response(half, 0)).isEqualTo(7);
        assertThat(byPeriod.analyse(implicit(6, 10), new Budget(1, 0.5)).verdict())
                .isNotEqualTo(Verdict.GUARANTEED);
    }

    @Test
    void aTaskThatIsReleasedOnceCountsOnce() {
        List<TaskDemand> set =
                List.of(
                        task(0, 30, Long.MAX_VALUE, 40),
                        task(1, 10, 100, 100),
                        task(2, 50, 200, 200));
        Analysis analysis = byDeadline.analyse(set, ONE);
        assertThat(analysis.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(response(analysis, 2)).isEqualTo(90);
        assertThat(analysis.utilisation()).isEqualTo(0.35);
    }

    @Test
    void severalSlotsHaveASufficientTest() {
        Budget two = new Budget(2, 1);
        assertThat(byPeriod.analyse(implicit(2, 10, 2, 10, 10, 11), two).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        Analysis light = byPeriod.analyse(implicit(2, 10, 3, 12, 4, 20, 5, 40), two);
        assertThat(light.verdict()).isEqualTo(Verdict.GUARANTEED);
        assertThat(byPeriod.analyse(implicit(10, 10, 11, 11), two).reason())
                .contains("a processor for each task");
    }

    @Test
    void theAnalysisEndsEvenIfTheNumbersAreHostile() {
        List<TaskDemand> set = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            long period = Duration.ofDays(366).toNanos() - 7919L * i;
            set.add(task(i, period / 1001, period, period - i));
        }
        set.add(task(1000, 1, 1_000_003, 1_000_003));
        long before = System.nanoTime();
        Analysis analysis = byPeriod.analyse(set, ONE);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(analysis.reason()).isNotBlank();
    }
}
