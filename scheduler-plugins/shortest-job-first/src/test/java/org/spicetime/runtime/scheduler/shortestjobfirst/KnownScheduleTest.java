// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation.Job;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation.Outcomes;

/** Schedules worked out by hand, in the shipped kernel on a virtual clock. */
final class KnownScheduleTest {
    @Test
    void jobsRunInTheOrderOfTheirEstimatesAndTheUnknownOneLast() {
        Outcomes seen = run(false, job("A", 0, 4), Job.of("B", 2), job("C", 0, 1), job("D", 0, 3));
        assertThat(seen.trace()).isEqualTo("CDDDAAAABB");
    }

    @Test
    void withoutPreemptionAShortJobWaitsForTheLongOne() {
        assertThat(run(false, job("A", 0, 6), job("B", 2, 2)).trace()).isEqualTo("AAAAAABB");
    }

    @Test
    void withPreemptionTheLeastWorkLeftRunsFirst() {
        Outcomes seen = run(true, job("A", 0, 7), job("B", 2, 4), job("C", 4, 1), job("D", 5, 4));
        assertThat(seen.trace()).isEqualTo("AABBCBBDDDDAAAAA");
    }

    @Test
    void whoHasLessLeftIsNotPreemptedByAShorterOneThatNeedsAsMuch() {
        assertThat(run(true, job("A", 0, 3), job("B", 1, 3)).trace()).isEqualTo("AAABBB");
    }

    @Test
    void aJobBeyondItsEstimateLosesItsTurnsTheMoreTheLongerItTakes() {
        Job liar = new Job("A", 0, 12, 1, 5, 1);
        Outcomes seen =
                new TimeSharingSimulation(new ShortestJobFirstFactory(), 1, 1, false)
                        .run(List.of(liar, job("B", 0, 4)));
        assertThat(seen.ends().get("B")).isLessThan(12);
        assertThat(seen.ends().get("A")).isEqualTo(16);
    }

    private static Job job(String name, long arrival, int cost) {
        return new Job(name, arrival, cost, 1, 5, cost);
    }

    private static Outcomes run(boolean preemptive, Job... jobs) {
        return new TimeSharingSimulation(new ShortestJobFirstFactory(), 1, 0, preemptive)
                .run(List.of(jobs));
    }
}
