// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.earliestdeadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation.Outcomes;
import org.spicetime.runtime.testkit.scheduling.PeriodicTask;

/** Schedules that an independent simulator found; every number must be met exactly. */
final class KnownScheduleTest {
    @Test
    void threeTasksAtUtilisation93PercentMeetEveryDeadline() {
        Outcomes seen = run(420, task("A", 3, 7), task("B", 3, 12), task("C", 5, 20));
        assertThat(seen.releases()).isEqualTo(116);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 3, 8, 14);
    }

    @Test
    void twoTasksAtUtilisation97PercentFollowTheKnownTrace() {
        Outcomes seen = run(35, task("A", 2, 5), task("B", 4, 7));
        assertThat(seen.trace()).isEqualTo("AABBBBAABBBBAABAABBBAABBBBAABBBBAA-");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 4, 6);
    }

    @Test
    void aFullProcessorMissesNothing() {
        Outcomes seen = run(80, task("A", 5, 20), task("B", 10, 40), task("C", 40, 80));
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20, 35, 65);
    }

    @Test
    void whatFixedPrioritiesMissEarliestDeadlineFirstMeets() {
        Outcomes seen = run(700, task("A", 26, 70), task("B", 62, 100));
        assertThat(seen.allMisses()).isZero();
        assertThat(seen.responsesOf("B")).containsExactly(88L, 76L, 90L, 78L, 92L, 80L, 68L);
        assertLongest(seen, 64, 92);
    }

    @Test
    void threeTasksAtUtilisation75PercentMeetEveryDeadline() {
        Outcomes seen = run(2100, task("A", 20, 100), task("B", 40, 150), task("C", 100, 350));
        assertThat(seen.releases()).isEqualTo(41);
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20, 60, 240);
    }

    @Test
    void underOverloadEveryoneIsHurt() {
        Outcomes seen = run(70, task("A", 2, 5), task("B", 4, 7), task("C", 2, 14));
        assertThat(seen.releases()).isEqualTo(29);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 9, "B", 8, "C", 2));
        assertLongest(seen, 13, 13, 16);
    }

    private static void assertLongest(Outcomes seen, long... longest) {
        String names = "ABC";
        for (int i = 0; i < longest.length; i++) {
            assertThat(seen.longestResponse(names.substring(i, i + 1))).isEqualTo(longest[i]);
        }
    }

    private static PeriodicTask task(String name, int cost, int period) {
        return new PeriodicTask(name, cost, period, 0);
    }

    private static Outcomes run(long horizon, PeriodicTask... tasks) {
        return new PeriodicSimulation(new EarliestDeadlineFactory(), List.of(tasks)).run(horizon);
    }
}
