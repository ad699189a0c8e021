// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;
import static org.spicetime.runtime.testkit.simulation.Step.block;
import static org.spicetime.runtime.testkit.simulation.Step.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.scheduler.constantbandwidth.ConstantBandwidthFactory;
import org.spicetime.runtime.scheduler.deadlinemonotonic.DeadlineMonotonicFactory;
import org.spicetime.runtime.scheduler.earliestdeadline.EarliestDeadlineFactory;
import org.spicetime.runtime.scheduler.fairshare.FairShareFactory;
import org.spicetime.runtime.scheduler.fifo.FifoFactory;
import org.spicetime.runtime.scheduler.fixedpriority.FixedPriorityFactory;
import org.spicetime.runtime.scheduler.leastlaxity.LeastLaxityFactory;
import org.spicetime.runtime.scheduler.lottery.LotteryFactory;
import org.spicetime.runtime.scheduler.multilevelfeedback.MultilevelFeedbackFactory;
import org.spicetime.runtime.scheduler.ratemonotonic.RateMonotonicFactory;
import org.spicetime.runtime.scheduler.roundrobin.RoundRobinFactory;
import org.spicetime.runtime.scheduler.shortestjobfirst.ShortestJobFirstFactory;
import org.spicetime.runtime.scheduler.stride.StrideFactory;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Under each shipped policy the same seed gives the same run, also over changes of policy. */
final class TraceHashTest {
    private static final long HORIZON = 2_520;
    private static final int SLOTS = 3;

    static List<SchedulingPolicyFactory> shipped() {
        return List.of(
                new FifoFactory(),
                new RoundRobinFactory(),
                new FixedPriorityFactory(),
                new EarliestDeadlineFactory(),
                new RateMonotonicFactory(),
                new DeadlineMonotonicFactory(),
                new LeastLaxityFactory(),
                new FairShareFactory(),
                new MultilevelFeedbackFactory(),
                new ShortestJobFirstFactory(),
                new LotteryFactory(),
                new StrideFactory(),
                new ConstantBandwidthFactory());
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theSameSeedGivesTheSameHash(SchedulingPolicyFactory factory, TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SimulationResult first = simulation(factory, seed).run(HORIZON);
        SimulationResult second = simulation(factory, seed).run(HORIZON);
        assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
        assertThat(second.slices()).isEqualTo(first.slices());
        assertEachReleaseRan(first, seed);
    }

    @Test
    void aChangeOfPolicyEveryMomentLosesNobodyAndIsRepeatable(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SimulationResult first = swapping(seed).run(HORIZON);
        assertThat(swapping(seed).run(HORIZON).hash()).as("seed %d", seed).isEqualTo(first.hash());
        assertEachReleaseRan(first, seed);
    }

    private static Simulation swapping(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<SchedulingPolicyFactory> policies = shipped();
        Simulation simulation = simulation(policies.getFirst(), seed);
        for (long time = 0; time < 2 * HORIZON; time += random.nextLong(1, 20)) {
            simulation.swap(
                    time, SimulatedPolicy.of(policies.get(random.nextInt(policies.size()))));
        }
        return simulation;
    }

    private static Simulation simulation(SchedulingPolicyFactory factory, long seed) {
        return Simulation.under(factory)
                .slots(SLOTS)
                .quantum(4)
                .preemptive(true)
                .seed(seed)
                .tasks(tasks(new SplittableRandom(seed)));
    }

    private static List<SimulatedTask> tasks(SplittableRandom random) {
        List<SimulatedTask> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            tasks.add(
                    periodic("p" + i, random.nextLong(1, 20), 60L + random.nextLong(60))
                            .withPriority(random.nextInt(10))
                            .withCheckpoint(random.nextLong(3))
                            .withEstimate());
        }
        for (int i = 0; i < 40; i++) {
            tasks.add(
                    once("o" + i, run(1 + random.nextLong(30)), block(5), run(3))
                            .withPriority(random.nextInt(10))
                            .releasedAt(random.nextLong(HORIZON)));
        }
        return tasks;
    }

    /* Each release ended once, and had exactly the processor time it needed. */
    private static void assertEachReleaseRan(SimulationResult seen, long seed) {
        long needed = 0;
        for (SimulatedTask task : tasks(new SplittableRandom(seed))) {
            long releases = task.period() == 0 ? 1 : (HORIZON - 1) / task.period() + 1;
            assertThat(seen.jobs(task.name())).as("seed %d", seed).hasSize((int) releases);
            needed += releases * task.cost();
        }
        long given = seen.slices().stream().mapToLong(slice -> slice.to() - slice.from()).sum();
        assertThat(given).as("seed %d", seed).isEqualTo(needed);
    }
}
