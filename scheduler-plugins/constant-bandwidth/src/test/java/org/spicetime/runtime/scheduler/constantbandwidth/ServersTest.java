// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.once;
import static org.spicetime.runtime.testkit.simulation.SimulatedTask.periodic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.testkit.DefaultOptions;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.SimulatedSlice;
import org.spicetime.runtime.testkit.simulation.Simulation;
import org.spicetime.runtime.testkit.simulation.SimulationResult;

final class ServersTest {
    private long now;
    private ConstantBandwidth policy = soft();

    @Test
    void aServerThatUsedItsBudgetHasTheNextOneAndADeadlineAPeriodLater() {
        PolicyTask task = task(1, TaskType.IO);
        enqueue(task);
        enqueue(task(2, TaskType.NETWORK));
        assertThat(task.k0).isEqualTo(10);
        assertThat(pick()).isSameAs(task);
        assertThat(policy.quantum(task)).as("the budget").isEqualTo(4);
        ran(task, 4, SliceEnd.QUANTUM);
        policy.enqueue(task, EnqueueReason.EXPIRED, now);
        assertThat(task.k0).isEqualTo(20);
        assertThat(policy.compare(task, task(3, TaskType.NETWORK), now)).isPositive();
    }

    @Test
    void whatARunTookTooMuchIsPaidFromTheNextBudgets() {
        PolicyTask task = task(1, TaskType.IO);
        enqueue(task);
        enqueue(task(2, TaskType.NETWORK));
        assertThat(pick()).isSameAs(task);
        policy.quantum(task);
        ran(task, 9, SliceEnd.QUANTUM);
        policy.enqueue(task, EnqueueReason.EXPIRED, now);
        assertThat(task.k0).as("two budgets later").isEqualTo(30);
        assertThat(policy.quantum(task)).as("12 less 9").isEqualTo(3);
    }

    @Test
    void anArrivalKeepsDeadlineAndBudgetOnlyIfTheShareAllowsIt() {
        PolicyTask first = task(1, TaskType.IO);
        enqueue(first);
        enqueue(task(9, TaskType.NETWORK));
        assertThat(pick()).isSameAs(first);
        policy.quantum(first);
        ran(first, 3, SliceEnd.FINISHED);
        PolicyTask soon = task(2, TaskType.IO);
        enqueue(soon);
        assertThat(soon.k0).as("1 left of 4, until 10: 1 < (10 - 3) * 4 / 10").isEqualTo(10);
        assertThat(policy.remove(soon)).isTrue();
        now = 8;
        PolicyTask late = task(3, TaskType.IO);
        enqueue(late);
        assertThat(late.k0).as("1 >= (10 - 8) * 4 / 10: a new period").isEqualTo(18);
        assertThat(policy.quantum(late)).isEqualTo(4);
    }

    @Test
    void aHardServerWithoutBudgetWaitsForItsDeadline() {
        policy = new ConstantBandwidth(() -> now, Grouping.TYPE, new Reservation(4, 10, true), 0);
        PolicyTask task = task(1, TaskType.IO);
        PolicyTask other = task(2, TaskType.NETWORK);
        enqueue(task);
        enqueue(other);
        assertThat(pick()).isSameAs(task);
        policy.quantum(task);
        ran(task, 4, SliceEnd.QUANTUM);
        policy.enqueue(task, EnqueueReason.EXPIRED, now);
        assertThat(pick()).isSameAs(other);
        assertThat(policy.pickNext(0, now, false)).isNull();
        assertThat(policy.nextDecisionAt(now)).isEqualTo(10);
        assertThat(policy.compare(task, other, now)).isPositive();
        now = 10;
        assertThat(pick()).isSameAs(task);
        assertThat(policy.size()).isZero();
    }

    @Test
    void timeThatNobodyElseWantedIsFree() {
        PolicyTask alone = task(1, TaskType.IO);
        enqueue(alone);
        assertThat(pick()).isSameAs(alone);
        policy.quantum(alone);
        now = 1_000;
        enqueue(task(2, TaskType.NETWORK));
        now = 1_003;
        policy.charge(alone, 1_003, 1_003, SliceEnd.PREEMPTED);
        policy.enqueue(alone, EnqueueReason.PREEMPTED, now);
        assertThat(alone.k0).as("3 of 4 used").isEqualTo(10);
        assertThat(policy.quantum(alone)).isEqualTo(1);
    }

    @Test
    void tasksOfAServerKeepTheirOrder() {
        PolicyTask first = task(1, TaskType.IO);
        PolicyTask second = task(2, TaskType.IO);
        enqueue(first);
        enqueue(second);
        assertThat(pick()).isSameAs(first);
        policy.quantum(first);
        ran(first, 4, SliceEnd.QUANTUM);
        policy.enqueue(first, EnqueueReason.EXPIRED, now);
        assertThat(pick()).as("first come, first served").isSameAs(first);
    }

    @Test
    void startedTasksAreFoundBehindOthersOfTheirServer() {
        PolicyTask fresh = task(1, TaskType.IO);
        PolicyTask started = task(2, TaskType.IO).started(true);
        enqueue(fresh);
        enqueue(started);
        assertThat(policy.pickNext(0, now, true)).isSameAs(started);
        assertThat(policy.pickNext(0, now, true)).isNull();
        assertThat(pick()).isSameAs(fresh);
    }

    @Test
    void aTaskGoesToTheServerOfItsNewPriority() {
        policy =
                new ConstantBandwidth(
                        () -> now, Grouping.PRIORITY, new Reservation(4, 10, false), 0);
        PolicyTask task = task(1, TaskType.IO);
        enqueue(task);
        now = 5;
        enqueue(task(2, TaskType.IO).priority(1));
        task.priority(1);
        policy.changed(task, Change.PRIORITY, now);
        assertThat(policy.size()).isEqualTo(2);
        assertThat(pick().task().seq()).isEqualTo(2);
        assertThat(pick()).isSameAs(task);
        assertThat(task.k0).isEqualTo(15);
    }

    @Test
    void aGreedyTypeCannotTakeTheShareOfAnother() {
        SimulationResult seen =
                Simulation.under(
                                new SimulatedPolicy(
                                        new ConstantBandwidthFactory(),
                                        Map.of(
                                                "budget", Duration.ofMillis(5),
                                                "period", Duration.ofMillis(10))))
                        .unitNanos(1_000_000)
                        .tasks(
                                once("G", 500).withType(TaskType.COMPUTATION),
                                periodic("V", 4, 10).withType(TaskType.IO))
                        .run(500);
        assertThat(seen.longestResponse("V")).as("done in each period").isLessThanOrEqualTo(10);
        assertThat(seen.allMisses()).isZero();
    }

    @Test
    void twoGreedyServersHaveEqualTime() {
        SimulationResult seen =
                Simulation.under(new ConstantBandwidthFactory())
                        .unitNanos(1_000_000)
                        .tasks(once("A", 400), once("B", 400).withType(TaskType.IO))
                        .run();
        Map<String, Long> had = new HashMap<>();
        for (SimulatedSlice slice : seen.slices()) {
            had.merge(slice.task(), slice.to() - slice.from(), Long::sum);
            if (slice.to() > 700) break;
            long gap = had.getOrDefault("A", 0L) - had.getOrDefault("B", 0L);
            assertThat(Math.abs(gap)).as("at %d", slice.to()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void aHardServerLeavesTheSlotIdleWhenItHasNoBudget() {
        SimulationResult seen =
                Simulation.under(
                                new SimulatedPolicy(
                                        new ConstantBandwidthFactory(),
                                        Map.of(
                                                "budget", Duration.ofMillis(2),
                                                "period", Duration.ofMillis(10),
                                                "hard", true)))
                        .unitNanos(1_000_000)
                        .tasks(once("A", 6), once("B", 6))
                        .run();
        assertThat(seen.units()).startsWith("AA--------AA--------AA--------");
    }

    @Test
    void aBudgetBeyondThePeriodIsRefusedWithTheParameterAndTheRange() {
        ConstantBandwidthFactory factory = new ConstantBandwidthFactory();
        PolicyEnvironment domain =
                new PolicyEnvironment(() -> 0, new SplittableRandom(1), 1, 0, 10, 0);
        DefaultOptions options =
                new DefaultOptions(
                        factory.descriptor().options(), Map.of("budget", Duration.ofMillis(50)));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> factory.create(domain, options))
                .withMessageContaining("scheduler.parameters.budget")
                .withMessageContaining("40")
                .satisfies(refused ->
                        assertThat(refused.details())
                                .containsEntry("field", "scheduler.parameters.budget"));
    }

    private ConstantBandwidth soft() {
        return new ConstantBandwidth(() -> now, Grouping.TYPE, new Reservation(4, 10, false), 0);
    }

    private static PolicyTask task(long seq, TaskType type) {
        return new PolicyTask(seq).type(type);
    }

    private void enqueue(PolicyTask task) {
        policy.enqueue(task, EnqueueReason.NEW, now);
    }

    private void ran(PolicyTask task, long nanos, SliceEnd end) {
        now += nanos;
        policy.charge(task, nanos, nanos, end);
    }

    private PolicyNode pick() {
        @Nullable PolicyNode picked = policy.pickNext(0, now, false);
        return Objects.requireNonNull(picked);
    }
}
