// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.lottery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;
import org.spicetime.runtime.testkit.simulation.Simulation;

final class DrawsTest {
    private static final long SLICE = 1_000;

    /** Of chi-square with 9 degrees of freedom: exceeded once in a million runs. */
    private static final double UNLIKELY = 46.9;

    private final long seed = Long.getLong("test.seed", System.nanoTime());
    private final Lottery policy = new Lottery(new SplittableRandom(seed), 0, SLICE, true);

    @Test
    void drawsFollowTheTicketsOverTenTasks(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
        int tasks = 10;
        int draws = 100_000;
        int[] won = new int[tasks];
        for (int i = 0; i < tasks; i++) enqueue(new PolicyTask(i).priority(i).started(i % 2 == 0));
        for (int draw = 0; draw < draws; draw++) {
            PolicyTask winner = pick();
            won[(int) winner.seq()]++;
            policy.charge(winner, SLICE, SLICE, SliceEnd.QUANTUM);
            policy.enqueue(winner, EnqueueReason.EXPIRED, 0);
        }
        int tickets = tasks * (tasks + 1) / 2;
        double chiSquare = 0;
        for (int i = 0; i < tasks; i++) {
            double expected = (double) draws * (i + 1) / tickets;
            chiSquare += (won[i] - expected) * (won[i] - expected) / expected;
        }
        reporter.publishEntry("chi-square", Double.toString(chiSquare));
        assertThat(chiSquare).as("seed %d", seed).isLessThan(UNLIKELY);
    }

    @Test
    void whoUsedAFifthOfItsSliceHasFiveTimesItsTicketsUntilItRunsAgain() {
        PolicyTask polite = new PolicyTask(1).priority(1);
        policy.charge(polite, SLICE / 5, SLICE / 5, SliceEnd.BLOCKED);
        enqueue(polite);
        assertThat(polite.k0).isEqualTo(5 * 2 * 1_000);
        assertThat(pick()).isSameAs(polite);
        policy.charge(polite, SLICE, SLICE, SliceEnd.QUANTUM);
        policy.enqueue(polite, EnqueueReason.EXPIRED, 0);
        assertThat(polite.k0).isEqualTo(2 * 1_000);
    }

    @Test
    void aChangeOfPriorityChangesTheTicketsAtOnce() {
        PolicyTask task = new PolicyTask(1).priority(1);
        enqueue(task);
        enqueue(new PolicyTask(2).priority(0));
        assertThat(policy.describe()).containsEntry("tickets", 3_000L);
        task.priority(9);
        policy.changed(task, Change.PRIORITY, 0);
        assertThat(policy.describe()).containsEntry("tickets", 11_000L);
        assertThat(policy.remove(task)).isTrue();
        assertThat(policy.remove(task)).isFalse();
        assertThat(policy.describe()).containsEntry("tickets", 1_000L);
    }

    @Test
    void everyHolderOfATicketIsFoundAndNobodyElse() {
        SplittableRandom random = new SplittableRandom(seed);
        Tickets tickets = new Tickets();
        List<PolicyTask> held = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) > 0 || held.isEmpty()) {
                PolicyTask task = new PolicyTask(i);
                tickets.add(task, random.nextInt(1, 50));
                held.add(task);
            } else if (random.nextBoolean()) {
                PolicyTask task = held.remove(random.nextInt(held.size()));
                assertThat(tickets.remove(task)).isTrue();
                assertThat(tickets.remove(task)).isFalse();
            } else {
                assertThat(held.remove(tickets.take(random.nextLong(tickets.total()))))
                        .as("seed %d", seed)
                        .isTrue();
            }
            long total = 0;
            if (i % 500 == 0) {
                for (PolicyTask task : held) total += task.k0;
                assertThat(tickets.total()).as("seed %d", seed).isEqualTo(total);
            }
            assertThat(tickets.size()).isEqualTo(held.size());
        }
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertThat(turns(7)).isEqualTo(turns(7)).isNotEqualTo(turns(8));
    }

    private static String turns(long seed) {
        return Simulation.under(new LotteryFactory())
                .quantum(1)
                .seed(seed)
                .tasks(once("A", 50).withPriority(2), once("B", 50), once("C", 50))
                .run()
                .turns();
    }

    private void enqueue(PolicyTask task) {
        policy.enqueue(task, EnqueueReason.NEW, 0);
    }

    private PolicyTask pick() {
        return (PolicyTask) Objects.requireNonNull(policy.pickNext(0, 0, false));
    }
}
