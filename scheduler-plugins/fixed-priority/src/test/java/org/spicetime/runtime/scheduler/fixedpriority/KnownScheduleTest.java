// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fixedpriority;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation;
import org.spicetime.runtime.testkit.scheduling.PeriodicSimulation.Outcomes;
import org.spicetime.runtime.testkit.scheduling.PeriodicTask;

/**
 * Rate-monotonic schedules (the shorter the period, the larger the priority) that an independent
 * simulator found; every number must be met exactly.
 */
final class KnownScheduleTest {
    @Test
    void threeTasksAtUtilisation93PercentFollowTheKnownTrace() {
        Outcomes seen = run(420, task("A", 3, 7, 3), task("B", 3, 12, 2), task("C", 5, 20, 1));
        assertThat(seen.trace()).startsWith("AAABBBCAAACCBBAAABCC");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 3, 6, 20);
    }

    @Test
    void oneReleaseIsLateWhereTheBoundIsExceeded() {
        Outcomes seen = run(35, task("A", 2, 5, 2), task("B", 4, 7, 1));
        assertThat(seen.responsesOf("B").getFirst()).isEqualTo(8);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 1));
    }

    @Test
    void harmonicPeriodsFillTheProcessor() {
        Outcomes seen = run(80, task("A", 5, 20, 3), task("B", 10, 40, 2), task("C", 40, 80, 1));
        assertThat(seen.trace()).hasSize(80).doesNotContain("-");
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 5, 15, 80);
    }

    @Test
    void theLongestResponseIsNotThatOfTheFirstRelease() {
        Outcomes seen = run(700, task("A", 26, 70, 2), task("B", 62, 100, 1));
        assertThat(seen.responsesOf("B")).containsExactly(114L, 102L, 116L, 104L, 118L, 106L, 94L);
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 6));
    }

    @Test
    void threeTasksBelowTheBoundMeetEveryDeadline() {
        Outcomes seen =
                run(2100, task("A", 20, 100, 3), task("B", 40, 150, 2), task("C", 100, 350, 1));
        assertThat(seen.allMisses()).isZero();
        assertLongest(seen, 20, 60, 240);
    }

    @Test
    void underOverloadTheLeastUrgentAreHurt() {
        Outcomes seen = run(70, task("A", 2, 5, 3), task("B", 4, 7, 2), task("C", 2, 14, 1));
        assertThat(seen.misses()).isEqualTo(Map.of("A", 0, "B", 2, "C", 5));
    }

    private static void assertLongest(Outcomes seen, long... longest) {
        String names = "ABC";
        for (int i = 0; i < longest.length; i++) {
            assertThat(seen.longestResponse(names.substring(i, i + 1))).isEqualTo(longest[i]);
        }
    }

    private static PeriodicTask task(String name, int cost, int period, int priority) {
        return new PeriodicTask(name, cost, period, priority);
    }

    private static Outcomes run(long horizon, PeriodicTask... tasks) {
        return new PeriodicSimulation(new FixedPriorityFactory(), List.of(tasks)).run(horizon);
    }
}
