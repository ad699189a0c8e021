// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.scheduler.fairshare.FairShareFactory;
import org.spicetime.runtime.scheduler.lottery.LotteryFactory;
import org.spicetime.runtime.scheduler.multilevelfeedback.MultilevelFeedbackFactory;
import org.spicetime.runtime.scheduler.roundrobin.RoundRobinFactory;
import org.spicetime.runtime.scheduler.stride.StrideFactory;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.SimulatedSlice;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Shares: stride, lottery, virtual deadlines, turns, feedback queues. */
final class OracleO9Test {

    private static final int QUANTUM = 10;
    private static final int ROUNDS = 100;

    /** Of chi-square with 2 degrees of freedom: exceeded once in a million runs. */
    private static final double UNLIKELY = 27.7;

    private final long seed = Long.getLong("test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void strideGivesTicketsThreeTwoOneTheSameOrderOverAndOver() {
        SimulationResult seen =
                Simulation.under(new StrideFactory())
                        .quantum(QUANTUM)
                        .tasks(
                                once("A", 30_000).withPriority(2),
                                once("B", 20_000).withPriority(1),
                                once("C", 10_000))
                        .run();
        assertThat(seen.turns()).startsWith("ABAABC".repeat(990));
    }

    @Test
    void lotteryDrawsInProportionToTickets(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        int draws = 60_000;
        SimulationResult seen =
                Simulation.under(new LotteryFactory())
                        .quantum(QUANTUM)
                        .seed(seed)
                        .tasks(
                                once("A", (long) QUANTUM * draws).withPriority(2),
                                once("B", (long) QUANTUM * draws).withPriority(1),
                                once("C", (long) QUANTUM * draws))
                        .run();
        String turns = seen.turns().substring(0, draws);
        double chiSquare = 0;
        for (int tickets = 1; tickets <= 3; tickets++) {
            char name = (char) ('D' - tickets);
            double expected = draws * tickets / 6.0;
            double won = turns.chars().filter(turn -> turn == name).count();
            chiSquare += (won - expected) * (won - expected) / expected;
        }
        reporter.publishEntry("chi-square", Double.toString(chiSquare));
        assertThat(chiSquare).as("seed %d", seed).isLessThan(UNLIKELY);
    }

    @Test
    void underFairShareNobodyIsOffItsShareByMoreThanASlice(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        for (int round = 0; round < ROUNDS; round++) {
            int count = random.nextInt(2, 12);
            Map<String, Integer> weights = new HashMap<>();
            List<SimulatedTask> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int weight = random.nextInt(1, 20);
                weights.put(name(i), weight);
                tasks.add(once(name(i), 3_000).withPriority(weight - 1));
            }
            SimulationResult seen =
                    Simulation.under(new FairShareFactory()).quantum(QUANTUM).tasks(tasks).run();
            double all = weights.values().stream().mapToInt(Integer::intValue).sum();
            long firstEnd = seen.jobs().getFirst().end();
            Map<String, Long> had = new HashMap<>();
            for (SimulatedSlice slice : seen.slices()) {
                if (slice.to() >= firstEnd) break;
                had.merge(slice.task(), slice.to() - slice.from(), Long::sum);
                weights.forEach((task, weight) -> {
                    double lag = slice.to() * weight / all - had.getOrDefault(task, 0L);
                    assertThat(Math.abs(lag))
                            .as("seed %d, %s at %d of %s", seed, task, slice.to(), weights)
                            .isLessThanOrEqualTo(QUANTUM + 1e-3);
                });
            }
        }
    }

    @Test
    void underRoundRobinNobodyWaitsLongerThanASliceOfEachOther(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        for (int round = 0; round < ROUNDS; round++) {
            int count = random.nextInt(2, 12);
            List<SimulatedTask> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) tasks.add(once(name(i), random.nextInt(1, 200)));
            SimulationResult seen =
                    Simulation.under(new RoundRobinFactory()).quantum(QUANTUM).tasks(tasks).run();
            Map<String, Long> readySince = new HashMap<>();
            for (SimulatedSlice slice : seen.slices()) {
                assertThat(slice.from() - readySince.getOrDefault(slice.task(), 0L))
                        .as("seed %d, %s", seed, slice)
                        .isLessThanOrEqualTo((count - 1L) * QUANTUM);
                readySince.put(slice.task(), slice.to());
            }
        }
    }

    @Test
    void underFeedbackQueuesAHogSinksALevelForEachAllotmentUntilABoost() {
        SimulatedPolicy policy =
                new SimulatedPolicy(
                        new MultilevelFeedbackFactory(), Map.of("boost", Duration.ofMillis(140)));
        SimulationResult seen =
                Simulation.under(policy)
                        .unitNanos(1_000_000)
                        .quantum(QUANTUM)
                        .tasks(once("A", 200), once("B", 200))
                        .run();
        assertThat(seen.trace())
                .as("slices of 10, 20, 40; after 140 from the top again")
                .startsWith(
                        "A0-10 B10-20 A20-40 B40-60 A60-100 B100-140 A140-150 B150-160 A160-180");
    }

    private static String name(int index) {
        return String.valueOf((char) ('A' + index));
    }
}
