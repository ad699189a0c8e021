// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.testkit.simulation.SimulatedJob;
import org.spicetime.runtime.testkit.simulation.SimulatedSlice;
import org.spicetime.runtime.testkit.simulation.SimulatedTask;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

/** Turns in the shipped kernel, on a virtual clock. */
final class TimeSharingTest {
    @Test
    void equalJobsHaveEqualSlicesInTurn() {
        SimulationResult seen = run(1, 2, List.of(once("A", 6), once("B", 6), once("C", 4)));
        assertThat(seen.units()).isEqualTo("AABBCCAABBCCAABB");
    }

    @Test
    void anArrivalWaitsForOneSliceOfEachOtherAtMost() {
        SimulatedTask late = once("C", 2).releasedAt(3);
        SimulationResult seen = run(1, 2, List.of(once("A", 6), once("B", 6), late));
        assertThat(seen.units()).isEqualTo("AABBAACCBBAABB");
    }

    @Test
    void priorityCountsForNothing() {
        SimulatedTask urgent = once("B", 4).withPriority(10);
        SimulationResult seen = run(1, 2, List.of(once("A", 4), urgent));
        assertThat(seen.units()).isEqualTo("AABBAABB");
    }

    @Test
    void aJobThatComesLateToItsCheckpointsGetsNoMoreInTheLongRun() {
        SimulatedTask coarse = once("A", 120).withCheckpoint(3);
        SimulationResult seen = run(1, 4, List.of(coarse, once("B", 120)));
        assertThat(widestGap(seen)).isLessThanOrEqualTo(8);
        assertThat(seen.units()).startsWith("AAAAAABBBBAAABBBBAAABBBB");
    }

    @Test
    void aDomainWithoutAQuantumHasTheSliceOfTheOption() {
        long slice = 10_000;
        SimulationResult seen = run(1, 0, List.of(once("A", 2 * slice), once("B", slice)));
        assertThat(seen.end("B")).isEqualTo(2 * slice);
    }

    @Test
    void onAnyNumberOfProcessorsNobodyIsAheadByMoreThanASliceAndAnOverrun(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int processors = random.nextInt(1, 5);
            int quantum = random.nextInt(1, 20);
            int coarsest = random.nextInt(1, 2 * quantum + 1);
            List<SimulatedTask> jobs = new ArrayList<>();
            int count = random.nextInt(1, 16);
            for (int i = 0; i < count; i++) {
                String name = String.valueOf((char) ('A' + i));
                int checkpoint = random.nextInt(1, coarsest + 1);
                jobs.add(once(name, random.nextInt(1, 400)).withCheckpoint(checkpoint));
            }
            SimulationResult seen = run(processors, quantum, jobs);
            assertThat(seen.jobs()).as("seed %d, round %d", seed, round).hasSize(count);
            if (coarsest == 1) {
                assertThat(widestGap(seen))
                        .as("seed %d, round %d", seed, round)
                        .isLessThanOrEqualTo(2L * quantum);
            }
        }
    }

    /* Largest difference, after any unit of time, between what two unfinished jobs received. */
    private static long widestGap(SimulationResult seen) {
        int units = (int) seen.end();
        List<List<String>> running = new ArrayList<>();
        for (int time = 0; time < units; time++) running.add(new ArrayList<>());
        for (SimulatedSlice slice : seen.slices()) {
            for (long time = slice.from(); time < slice.to(); time++) {
                running.get((int) time).add(slice.task());
            }
        }
        Map<String, Long> received = new HashMap<>();
        for (SimulatedJob job : seen.jobs()) received.put(job.task(), 0L);
        long widest = 0;
        for (int time = 0; time < units; time++) {
            for (String task : running.get(time)) received.merge(task, 1L, Long::sum);
            for (SimulatedJob job : seen.jobs()) {
                if (job.end() == time + 1) received.remove(job.task());
            }
            widest = Math.max(widest, spread(received));
        }
        return widest;
    }

    private static long spread(Map<String, Long> received) {
        long least = received.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return received.values().stream().mapToLong(Long::longValue).max().orElse(0) - least;
    }

    private static SimulationResult run(int processors, long quantum, List<SimulatedTask> jobs) {
        return Simulation.under(new RoundRobinFactory())
                .slots(processors)
                .quantum(quantum)
                .preemptive(false)
                .tasks(jobs)
                .run();
    }
}
