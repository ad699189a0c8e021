// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.leastlaxity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

final class LaxityTest {
    private static final int[] DIVISORS = {5, 6, 7, 8, 9, 10, 12, 14, 15, 18, 20, 21, 24, 28, 30};

    private long now;
    private final LeastLaxity policy = new LeastLaxity(() -> now, 1, 0);

    @Test
    void tasksOfEqualLaxityTakeTurnsEachTimeOneIsBehindByTheMargin() {
        SimulationResult seen = run(1, once("A", 4).withDeadline(8), once("B", 4).withDeadline(8));
        assertThat(seen.trace()).isEqualTo("A0-1 B1-3 A3-5 B5-7 A7-8");
        assertThat(seen.allMisses()).isZero();
    }

    @Test
    void aLongJobWithNothingToSpareGoesBeforeShortOnesThatAreDueEarlier() {
        // Under global EDF C ends at 12, a unit late.
        SimulationResult seen =
                Simulation.under(finest())
                        .slots(2)
                        .tasks(
                                periodic("A", 2, 10).withEstimate(),
                                periodic("B", 2, 10).withEstimate(),
                                periodic("C", 10, 11).withEstimate())
                        .run(11);
        assertThat(seen.jobs("C").getFirst().end()).isLessThanOrEqualTo(11);
        assertThat(seen.misses().get("C")).isZero();
    }

    @Test
    void onOneSlotEverythingIsInTimeThatCanBe(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            SimulatedTask[] set = feasible(random);
            assertThat(run(2520, set).allMisses())
                    .as("seed %d, round %d, %s", seed, round, List.of(set))
                    .isZero();
        }
    }

    @Test
    void theLaxityOfAWaitingTaskShrinksAndThatOfARunningOneStays() {
        PolicyTask running = new PolicyTask(1).deadline(100).estimated(50).started(true);
        PolicyTask waiting = new PolicyTask(2).deadline(100).estimated(45);
        policy.quantum(running);
        policy.enqueue(waiting, EnqueueReason.NEW, 0);
        assertThat(policy.compare(running, waiting, 4)).as("50 against 51").isNegative();
        assertThat(policy.compare(running, waiting, 5)).as("50 against 50").isZero();
        assertThat(policy.compare(running, waiting, 6)).as("50 against 49").isPositive();
        assertThat(policy.nextDecisionAt(0)).isEqualTo(6);
        assertThat(policy.nextDecisionAt(6)).isGreaterThan(6);
    }

    @Test
    void whatIsChargedWithinASliceIsNotCountedTwice() {
        PolicyTask running = new PolicyTask(1).deadline(100).estimated(50).started(true);
        PolicyTask waiting = new PolicyTask(2).deadline(100).estimated(45);
        policy.quantum(running);
        policy.enqueue(waiting, EnqueueReason.NEW, 0);
        running.consumed(4);
        assertThat(policy.compare(running, waiting, 4)).isNegative();
        assertThat(policy.nextDecisionAt(4)).isEqualTo(6);
    }

    @Test
    void aTaskBeyondItsEstimateRanksByItsDeadlineAndOneWithoutADeadlineLast() {
        PolicyTask beyond = new PolicyTask(1).deadline(100).estimated(50).consumed(80);
        PolicyTask tight = new PolicyTask(2).deadline(120).estimated(30);
        PolicyTask never = new PolicyTask(3).estimated(1_000);
        for (PolicyTask task : List.of(never, beyond, tight))
            policy.enqueue(task, EnqueueReason.NEW, 0);
        assertThat(policy.pickNext(0, 0, false)).isSameAs(tight);
        assertThat(policy.pickNext(0, 0, false)).isSameAs(beyond);
        assertThat(policy.nextDecisionAt(0)).as("nobody to give way").isEqualTo(Long.MAX_VALUE);
        assertThat(policy.pickNext(0, 0, false)).isSameAs(never);
    }

    @Test
    void aTaskThatEndedIsNotWaitedFor() {
        PolicyTask running = new PolicyTask(1).deadline(100).estimated(50).started(true);
        policy.quantum(running);
        policy.enqueue(new PolicyTask(2).deadline(100).estimated(45), EnqueueReason.NEW, 0);
        policy.charge(running, 3, 3, SliceEnd.FINISHED);
        assertThat(policy.nextDecisionAt(3)).isEqualTo(Long.MAX_VALUE);
    }

    /* Unit by unit up to a use of 1; periods divide 2520. */
    private static SimulatedTask[] feasible(SplittableRandom random) {
        List<SimulatedTask> set = new ArrayList<>();
        double use = 0;
        for (int i = 0; i < 6; i++) {
            int period = DIVISORS[random.nextInt(DIVISORS.length)];
            int cost = random.nextInt(1, period / 2 + 1);
            if (use + (double) cost / period > 1) continue;
            use += (double) cost / period;
            set.add(periodic(String.valueOf((char) ('A' + i)), cost, period).withEstimate());
        }
        return set.toArray(SimulatedTask[]::new);
    }

    private static SimulationResult run(long horizon, SimulatedTask... tasks) {
        List<SimulatedTask> told = new ArrayList<>();
        for (SimulatedTask task : tasks) told.add(task.withEstimate());
        return Simulation.under(finest()).tasks(told).run(horizon);
    }

    private static SimulatedPolicy finest() {
        return new SimulatedPolicy(
                new LeastLaxityFactory(), Map.of("margin", Duration.ofNanos(1_000)));
    }
}
