// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation.Job;
import org.spicetime.runtime.testkit.scheduling.TimeSharingSimulation.Outcomes;

/** Turns in the shipped kernel, on a virtual clock. */
final class TimeSharingTest {
    @Test
    void equalJobsHaveEqualSlicesInTurn() {
        Outcomes seen = run(1, 2, List.of(Job.of("A", 6), Job.of("B", 6), Job.of("C", 4)));
        assertThat(seen.trace()).isEqualTo("AABBCCAABBCCAABB");
    }

    @Test
    void anArrivalWaitsForOneSliceOfEachOtherAtMost() {
        Job late = new Job("C", 3, 2, 1, 5, 0);
        Outcomes seen = run(1, 2, List.of(Job.of("A", 6), Job.of("B", 6), late));
        assertThat(seen.trace()).isEqualTo("AABBAACCBBAABB");
    }

    @Test
    void priorityCountsForNothing() {
        Job urgent = new Job("B", 0, 4, 1, 10, 0);
        Outcomes seen = run(1, 2, List.of(Job.of("A", 4), urgent));
        assertThat(seen.trace()).isEqualTo("AABBAABB");
    }

    @Test
    void aJobThatComesLateToItsCheckpointsGetsNoMoreInTheLongRun() {
        Job coarse = new Job("A", 0, 120, 3, 5, 0);
        Outcomes seen = run(1, 4, List.of(coarse, Job.of("B", 120)));
        assertThat(seen.widestGap()).isLessThanOrEqualTo(8);
        assertThat(seen.trace()).startsWith("AAAAAABBBBAAABBBBAAABBBB");
    }

    @Test
    void aDomainWithoutAQuantumHasTheSliceOfTheOption() {
        int slice = 10_000;
        Outcomes seen = run(1, 0, List.of(Job.of("A", 2 * slice), Job.of("B", slice)));
        assertThat(seen.ends().get("B")).isEqualTo(2L * slice);
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
            List<Job> jobs = new ArrayList<>();
            int count = random.nextInt(1, 16);
            for (int i = 0; i < count; i++) {
                String name = String.valueOf((char) ('A' + i));
                int checkpoint = random.nextInt(1, coarsest + 1);
                jobs.add(new Job(name, 0, random.nextInt(1, 400), checkpoint, 5, 0));
            }
            Outcomes seen = run(processors, quantum, jobs);
            assertThat(seen.ends()).as("seed %d, round %d", seed, round).hasSize(count);
            if (coarsest == 1) {
                assertThat(seen.widestGap())
                        .as("seed %d, round %d", seed, round)
                        .isLessThanOrEqualTo(2L * quantum);
            }
        }
    }

    private static Outcomes run(int processors, long quantum, List<Job> jobs) {
        return new TimeSharingSimulation(new RoundRobinFactory(), processors, quantum, false)
                .run(jobs);
    }
}
