// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.shortestjobfirst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import org.junit.jupiter.api.Test;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Schedules worked out by hand, in the shipped kernel on a virtual clock. */
final class KnownScheduleTest {
    @Test
    void jobsRunInTheOrderOfTheirEstimatesAndTheUnknownOneLast() {
        SimulationResult seen =
                run(false, job("A", 0, 4), once("B", 2), job("C", 0, 1), job("D", 0, 3));
        assertThat(seen.units()).isEqualTo("CDDDAAAABB");
    }

    @Test
    void withoutPreemptionAShortJobWaitsForTheLongOne() {
        assertThat(run(false, job("A", 0, 6), job("B", 2, 2)).units()).isEqualTo("AAAAAABB");
    }

    @Test
    void withPreemptionTheLeastWorkLeftRunsFirst() {
        SimulationResult seen =
                run(true, job("A", 0, 7), job("B", 2, 4), job("C", 4, 1), job("D", 5, 4));
        assertThat(seen.units()).isEqualTo("AABBCBBDDDDAAAAA");
    }

    @Test
    void whoHasLessLeftIsNotPreemptedByAShorterOneThatNeedsAsMuch() {
        assertThat(run(true, job("A", 0, 3), job("B", 1, 3)).units()).isEqualTo("AAABBB");
    }

    @Test
    void aJobBeyondItsEstimateLosesItsTurnsTheMoreTheLongerItTakes() {
        SimulationResult seen =
                Simulation.under(new ShortestJobFirstFactory())
                        .preemptive(false)
                        .quantum(1)
                        .tasks(once("A", 12).withEstimate(1), job("B", 0, 4))
                        .run();
        assertThat(seen.end("B")).isLessThan(12);
        assertThat(seen.end("A")).isEqualTo(16);
    }

    private static SimulatedTask job(String name, long arrival, long cost) {
        return once(name, cost).withEstimate().releasedAt(arrival);
    }

    private static SimulationResult run(boolean preemptive, SimulatedTask... jobs) {
        return Simulation.under(new ShortestJobFirstFactory())
                .preemptive(preemptive)
                .tasks(jobs)
                .run();
    }
}
