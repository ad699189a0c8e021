// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.stride;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;
import org.spicetime.runtime.testkit.simulation.SimulatedSlice;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;
import org.spicetime.runtime.testkit.simulation.Step;

final class SharesTest {
    @Test
    void ticketsThreeTwoOneGiveTheOrderOfThePaperOverAndOver() {
        SimulationResult seen =
                run(
                        once("A", 60_000).withPriority(2),
                        once("B", 40_000).withPriority(1),
                        once("C", 20_000));
        assertThat(seen.turns()).startsWith("ABAABC".repeat(1_990));
    }

    @Test
    void aPairIsNeverOffItsProportionByMoreThanASlice(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int a = random.nextInt(1, 100);
            int b = random.nextInt(1, 100);
            SimulationResult seen =
                    run(
                            once("A", 10 * 500).withPriority(a - 1),
                            once("B", 10 * 500).withPriority(b - 1));
            Map<String, Integer> had = new HashMap<>();
            for (SimulatedSlice slice : seen.slices()) {
                had.merge(slice.task(), 1, Integer::sum);
                int ofA = had.getOrDefault("A", 0);
                int ofB = had.getOrDefault("B", 0);
                int both = ofA + ofB;
                assertThat(Math.abs(ofA - (double) both * a / (a + b)))
                        .as("seed %d, tickets %d and %d, after %d slices", seed, a, b, both)
                        .isLessThanOrEqualTo(1);
                if (ofA == 500 || ofB == 500) break;
            }
        }
    }

    @Test
    void whoBlocksWithinItsSliceStillHasItsShareOfTheTime() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            steps.add(Step.run(2));
            steps.add(Step.block(1));
        }
        steps.removeLast();
        SimulatedTask polite = once("P", steps.toArray(Step[]::new));
        SimulationResult seen = run(polite, once("H", 4_000));
        long polites = 0;
        for (SimulatedSlice slice : seen.slices()) {
            if (slice.to() > 1_000) break;
            if (slice.task().equals("P")) polites += slice.to() - slice.from();
        }
        // It gives up its slice after 2 of 10 units, and is behind when it comes back.
        assertThat(polites).isBetween(150L, 520L);
    }

    @Test
    void aChangeOfPriorityChangesTheShareFromThenOn() {
        Stride policy = new Stride(0, 10);
        PolicyTask heavy = new PolicyTask(1).priority(3);
        PolicyTask light = new PolicyTask(2).priority(3);
        policy.enqueue(heavy, EnqueueReason.NEW, 0);
        policy.enqueue(light, EnqueueReason.NEW, 0);
        light.priority(0);
        policy.changed(light, Change.PRIORITY, 0);
        assertThat(light.k0).as("a stride of one ticket").isEqualTo(Client.STRIDE_1);
        assertThat(heavy.k0).isEqualTo(Client.STRIDE_1 / 4);
        assertThat(policy.pickNext(0, 0, false)).isSameAs(heavy);
        assertThat(policy.remove(light)).isTrue();
        assertThat(policy.size()).isZero();
    }

    private static SimulationResult run(SimulatedTask... tasks) {
        return Simulation.under(new StrideFactory()).quantum(10).tasks(tasks).run();
    }
}
