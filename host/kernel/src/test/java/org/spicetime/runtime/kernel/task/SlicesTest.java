// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/** Who is asked to give way when, and who has the slot then; one slot unless it says otherwise. */
final class SlicesTest {
    private static final Duration SLICE = Duration.ofMillis(10);
    private static final PreemptionConfig NONE = new PreemptionConfig(false, PreemptionMode.NONE);
    private static final PreemptionConfig COOPERATIVE =
            new PreemptionConfig(true, PreemptionMode.COOPERATIVE);

    @Test
    void aTaskIsAskedToGiveWayWhenItsSliceIsOverAndAnotherOneWaits() {
        Fixture domain = domain(SLICE, NONE);
        TaskEntry first = domain.admit(task());
        domain.pick();
        assertThat(domain.kernel.nextTimerNanos()).as("nobody waits").isEqualTo(Long.MAX_VALUE);
        domain.pass(SLICE.multipliedBy(3));
        assertThat(domain.asked).isEmpty();
        TaskEntry second = domain.admit(task());
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(SLICE.toNanos());
        domain.pass(Duration.ofNanos(1));
        assertThat(domain.asked).containsExactly(first);
        assertThat(rotate(domain, first)).isSameAs(second);
        assertThat(first.phase()).isEqualTo(TaskPhase.PREEMPTED);
        domain.pass(SLICE);
        assertThat(domain.asked).containsExactly(first, second);
        assertThat(rotate(domain, second)).isSameAs(first);
        assertThat(domain.kernel.counts().preemptions()).isEqualTo(2);
        assertThat(domain.kernel.counts().contextSwitches()).isEqualTo(3);
        assertThat(domain.task(first).metrics().waitTime()).isEqualTo(SLICE);
    }

    @Test
    void aTaskNobodyOfEqualRankWaitsForGoesOnWithoutALossOfItsSlot() {
        Fixture domain = domain(SLICE, NONE);
        TaskEntry urgent = domain.admit(task().priority(9));
        domain.pick();
        domain.admit(task().priority(1));
        domain.pass(SLICE);
        assertThat(domain.asked).containsExactly(urgent);
        domain.phases.clear();
        assertThat(rotate(domain, urgent)).isSameAs(urgent);
        assertThat(domain.phases).as("nothing to tell").isEmpty();
        assertThat(domain.kernel.counts().preemptions()).isZero();
        domain.pass(SLICE);
        assertThat(domain.asked).as("its next slice is over").containsExactly(urgent, urgent);
    }

    @ParameterizedTest
    @EnumSource(QueuePolicy.class)
    void underEveryTieRuleWhoHadASliceGoesBehindItsEquals(QueuePolicy ties) {
        Fixture domain = domain(settings(1, SLICE, NONE, ties));
        List<TaskEntry> all =
                domain.admitAll(
                        task().estimatedDuration(Duration.ofMillis(1)),
                        task().relativeDeadline(Duration.ofSeconds(1)),
                        task());
        TaskEntry running = domain.pick();
        Set<TaskEntry> turns = new LinkedHashSet<>(List.of(running));
        for (int i = 0; i < 2; i++) {
            domain.pass(SLICE);
            running = rotate(domain, running);
            turns.add(running);
        }
        assertThat(turns).as("each had a turn").containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void withoutPreemptionAnUrgentArrivalAsksNobody() {
        Fixture domain = domain(Duration.ZERO, NONE);
        domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(9));
        domain.pass(Duration.ofDays(1));
        assertThat(domain.asked).isEmpty();
    }

    @Test
    void anUrgentArrivalAsksTheLeastUrgentRunningTaskAlone() {
        Fixture domain = domain(settings(2, Duration.ZERO, COOPERATIVE, QueuePolicy.FIFO));
        TaskEntry five = domain.admit(task().priority(5));
        TaskEntry four = domain.admit(task().priority(4));
        domain.pick();
        domain.pick();
        domain.admit(task().priority(4));
        assertThat(domain.asked).as("equal never preempts").isEmpty();
        TaskEntry nine = domain.admit(task().priority(9));
        assertThat(domain.asked).containsExactly(four);
        domain.admit(task().priority(9));
        assertThat(domain.asked).containsExactly(four, five);
        assertThat(domain.kernel.rotate(four, 1, domain.now())).isSameAs(nine);
    }

    @Test
    void anArrivalThatFindsAFreeSlotAsksNobody() {
        Fixture domain = domain(settings(2, Duration.ZERO, COOPERATIVE, QueuePolicy.FIFO));
        domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(9));
        assertThat(domain.asked).isEmpty();
    }

    @Test
    void ofTwoArrivalsThatFindOneFreeSlotTheSecondAsksTheRunningTask() {
        Fixture domain = domain(settings(2, Duration.ZERO, COOPERATIVE, QueuePolicy.FIFO));
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(5));
        assertThat(domain.asked).isEmpty();
        domain.admit(task().priority(6));
        assertThat(domain.asked).containsExactly(low);
    }

    @Test
    void whenTheUrgentTaskIsGoneAgainTheOneAskedKeepsItsSlot() {
        Fixture domain = domain(Duration.ZERO, COOPERATIVE);
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        TaskEntry urgent = domain.admit(task().priority(9));
        domain.kernel.cancel(urgent.taskId(), null, domain.now());
        assertThat(rotate(domain, low)).isSameAs(low);
        domain.admit(task().priority(8));
        assertThat(domain.asked).as("asked anew").containsExactly(low, low);
    }

    @Test
    void aPreemptedTaskGoesOnBeforeItsEquals() {
        Fixture domain = domain(Duration.ZERO, COOPERATIVE);
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        TaskEntry equal = domain.admit(task().priority(1));
        TaskEntry urgent = domain.admit(task().priority(9));
        assertThat(rotate(domain, low)).isSameAs(urgent);
        domain.succeed(urgent);
        domain.run(low);
        domain.run(equal);
    }

    @Test
    void loweringARunningTaskGivesItsSlotToAMoreUrgentOne() {
        Fixture domain = domain(Duration.ZERO, COOPERATIVE);
        TaskEntry running = domain.admit(task().priority(9));
        domain.pick();
        TaskEntry waiting = domain.admit(task().priority(5));
        domain.kernel.changePriority(running.taskId(), 1, domain.now());
        assertThat(domain.asked).containsExactly(running);
        assertThat(rotate(domain, running)).isSameAs(waiting);
    }

    @Test
    void aTaskThatInheritsAPriorityPreemptsAtOnce() {
        Fixture domain = domain(Duration.ZERO, COOPERATIVE);
        TaskEntry running = domain.admit(task().priority(5));
        domain.pick();
        TaskEntry helper = domain.admit(task().priority(1));
        assertThat(domain.asked).isEmpty();
        domain.admit(task().priority(9).dependsOn(on(helper, DependencyType.SUCCESS)));
        assertThat(domain.asked).containsExactly(running);
        assertThat(rotate(domain, running)).isSameAs(helper);
    }

    @Test
    void underAThresholdOnlyTasksAboveItPreempt() {
        Fixture domain = domain(Duration.ZERO, preemption(PreemptionMode.THRESHOLD, 7, 0));
        domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(7));
        assertThat(domain.asked).isEmpty();
        domain.admit(task().priority(8));
        assertThat(domain.asked).hasSize(1);
    }

    @Test
    void nobodyIsAskedBeforeTheShortestUndisturbedRunIsOver() {
        Fixture domain = domain(Duration.ZERO, preemption(PreemptionMode.COOPERATIVE, 0, 500));
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        domain.pass(Duration.ofNanos(100_000));
        domain.admit(task().priority(9));
        assertThat(domain.asked).isEmpty();
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(500_000);
        domain.pass(Duration.ofNanos(400_000));
        assertThat(domain.asked).containsExactly(low);
    }

    @Test
    void typesThatAreNotPreemptibleKeepTheirSlot() {
        PreemptionConfig config =
                new PreemptionConfig(
                        true,
                        PreemptionMode.COOPERATIVE,
                        0,
                        Duration.ZERO,
                        Set.of(TaskType.COMPUTATION));
        Fixture domain = domain(SLICE, config);
        domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(9));
        domain.pass(SLICE.multipliedBy(5));
        assertThat(domain.asked).isEmpty();
    }

    @Test
    void aQuantumConfiguredLaterHoldsForTasksThatRunAlready() {
        Fixture domain = domain(Duration.ZERO, NONE);
        TaskEntry running = domain.admit(task());
        domain.pick();
        domain.admit(task());
        use(domain, SLICE);
        domain.pass(SLICE);
        assertThat(domain.asked).containsExactly(running);
    }

    @Test
    void aTaskThatIsAskedToEndWhileItWaitsForASlotUnwindsWithoutOne() {
        Fixture domain = domain(Duration.ZERO, COOPERATIVE);
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        TaskEntry urgent = domain.admit(task().priority(9));
        rotate(domain, low);
        domain.kernel.cancel(low.taskId(), "enough", domain.now());
        assertThat(low.phase()).isEqualTo(TaskPhase.PREEMPTED);
        domain.kernel.unwind(low, domain.now());
        assertThat(low.phase()).isEqualTo(TaskPhase.CANCELLING);
        assertThat(domain.kernel.ready()).isZero();
        domain.kernel.unwind(low, domain.now());
        domain.succeed(low);
        assertThat(low.phase()).isEqualTo(TaskPhase.COMPLETED);
        domain.succeed(urgent);
        domain.kernel.audit(domain.now());
    }

    @Test
    void atTheCapOfStartedTasksTheStartedOnesTakeTurnsAmongThemselves() {
        KernelSettings base = settings(1, SLICE, NONE, QueuePolicy.FIFO);
        KernelSettings capped =
                new KernelSettings(
                        base.priorities(),
                        base.queuePolicy(),
                        0,
                        1,
                        base.quantumNanos(),
                        100,
                        Durability.VOLATILE,
                        false,
                        2,
                        NONE,
                        List.of());
        Fixture domain = domain(capped);
        List<TaskEntry> all = domain.admitAll(task(), task(), task());
        TaskEntry running = domain.pick();
        StringBuilder turns = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            turns.append(all.indexOf(running));
            domain.pass(SLICE);
            running = rotate(domain, running);
        }
        assertThat(turns.toString()).isEqualTo("0101");
    }

    @Test
    void onlyATaskOnAWorkerHasASliceToLose() {
        Fixture domain = domain(SLICE, NONE);
        TaskEntry waiting = domain.admit(task());
        assertThatIllegalStateException().isThrownBy(() -> rotate(domain, waiting));
    }

    private static TaskEntry rotate(Fixture domain, TaskEntry entry) {
        TaskEntry next = domain.kernel.rotate(entry, 0, domain.now());
        assertThat(next).isNotNull();
        return next;
    }

    private static PreemptionConfig preemption(PreemptionMode mode, int threshold, int micros) {
        return new PreemptionConfig(
                true, mode, threshold, Duration.ofNanos(1000L * micros), Set.of());
    }

    private static Fixture domain(Duration quantum, PreemptionConfig preemption) {
        return domain(settings(1, quantum, preemption, QueuePolicy.FIFO));
    }

    private static Fixture domain(KernelSettings settings) {
        Fixture domain = new Fixture(settings);
        use(domain, Duration.ofNanos(settings.quantumNanos()));
        return domain;
    }

    private static KernelSettings settings(
            int slots, Duration quantum, PreemptionConfig preemption, QueuePolicy ties) {
        return new KernelSettings(
                        new PriorityConfig(0, 10, 5, PriorityProtocol.INHERITANCE),
                        ties,
                        0,
                        slots,
                        quantum.toNanos(),
                        100,
                        Durability.VOLATILE,
                        false)
                .with(preemption);
    }

    private static void use(Fixture domain, Duration quantum) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TEST",
                        "1",
                        "Ranks.",
                        Ordering.STRICT,
                        true,
                        false,
                        Optional.empty(),
                        List.of());
        KeyedPolicy policy =
                new KeyedPolicy() {
                    @Override
                    public long key(TaskView view) {
                        return -(long) view.priority();
                    }

                    @Override
                    public long quantum(TaskView view) {
                        return quantum.toNanos();
                    }
                };
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "test"), domain.now());
    }
}
