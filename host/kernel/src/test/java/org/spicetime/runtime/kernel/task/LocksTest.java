// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/** Who has a lock, who waits for it, and how urgent that makes them. */
final class LocksTest {

    @Test
    void aFreeLockIsTakenAndOneThatIsHeldIsNot() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry first = running(domain, 5);
        TaskEntry second = running(domain, 5);
        assertThat(take(domain, first, "a")).isTrue();
        assertThat(take(domain, second, "a")).isFalse();
        assertThat(take(domain, second, "b")).isTrue();
        assertThat(domain.kernel.locks().owner("a")).isSameAs(first);
        giveBack(domain, first, "a");
        assertThat(take(domain, second, "a")).isTrue();
        assertThat(second.heldLocks()).containsExactly("b", "a");
    }

    @Test
    void aLockTakenTwiceIsFreeAfterItWasGivenBackTwice() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry first = running(domain, 5);
        TaskEntry second = running(domain, 5);
        take(domain, first, "a");
        assertThat(take(domain, first, "a")).isTrue();
        giveBack(domain, first, "a");
        assertThat(take(domain, second, "a")).isFalse();
        giveBack(domain, first, "a");
        assertThat(take(domain, second, "a")).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> giveBack(domain, first, "a"))
                .withMessageContaining("does not hold lock \"a\"");
    }

    @Test
    void theMostUrgentWaiterGetsTheLockAndIsReadyAtOnce() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        TaskEntry low = running(domain, 2);
        await(domain, low, "a");
        TaskEntry high = running(domain, 7);
        await(domain, high, "a");
        TaskEntry equal = running(domain, 7);
        await(domain, equal, "a");
        assertThat(low.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
        assertThat(high.awaitedLock()).isEqualTo("a");
        giveBack(domain, holder, "a");
        assertThat(domain.kernel.locks().holds(high, "a")).isTrue();
        assertThat(high.phase()).isEqualTo(TaskPhase.PREEMPTED);
        assertThat(domain.pick()).isSameAs(high);
        giveBack(domain, high, "a");
        assertThat(domain.kernel.locks().owner("a")).as("came earlier").isSameAs(equal);
    }

    @Test
    void theHolderInheritsThePriorityOfItsWaitersAndLosesItWithTheLock() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        take(domain, holder, "b");
        TaskEntry three = running(domain, 3);
        await(domain, three, "a");
        TaskEntry eight = running(domain, 8);
        await(domain, eight, "b");
        assertThat(holder.priority()).isEqualTo(8);
        assertThat(domain.kernel.counts().priorityInversions()).isEqualTo(1);
        giveBack(domain, holder, "b");
        assertThat(holder.priority()).isEqualTo(3);
        giveBack(domain, holder, "a");
        assertThat(holder.priority()).isEqualTo(1);
    }

    @Test
    void aHolderThatIsQueuedMovesUpWhenAMoreUrgentTaskWaitsForIt() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        domain.kernel.leave(
                holder, org.spicetime.runtime.api.scheduler.SliceEnd.YIELDED, domain.now());
        TaskEntry high = running(domain, 9);
        TaskEntry middle = domain.admit(task().priority(5));
        await(domain, high, "a");
        assertThat(domain.pick()).isSameAs(holder);
        assertThat(domain.pick()).isSameAs(middle);
    }

    @Test
    void urgencyPassesThroughLocksAndDependenciesUpToSixteenSteps() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        List<TaskEntry> chain = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TaskEntry entry = running(domain, 1);
            take(domain, entry, "lock-" + i);
            chain.add(entry);
        }
        for (int i = 19; i > 0; i--) await(domain, chain.get(i), "lock-" + (i - 1));
        TaskEntry urgent =
                domain.admit(
                        task().priority(9).dependsOn(on(chain.get(19), DependencyType.SUCCESS)));
        assertThat(urgent.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        for (int i = 0; i < 20; i++)
            assertThat(chain.get(i).priority()).as("task " + i).isEqualTo(i >= 3 ? 9 : 1);
        domain.kernel.cancel(urgent.taskId(), null, domain.now());
        for (TaskEntry entry : chain) assertThat(entry.priority()).isEqualTo(1);
    }

    @Test
    void aWaitThatWouldCloseACycleIsRefusedAndNamesIt() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry first = running(domain, 5);
        TaskEntry second = running(domain, 5);
        TaskEntry third = running(domain, 5);
        take(domain, first, "a");
        take(domain, second, "b");
        take(domain, third, "c");
        await(domain, first, "b");
        await(domain, second, "c");
        assertThat(take(domain, third, "a")).isFalse();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> domain.kernel.locks().await(third, "a", domain.now()))
                .withMessage(
                        "waiting for lock \"a\" would never end (deadlock): task "
                                + third.taskId()
                                + " waits for \"a\" of task "
                                + first.taskId()
                                + ", task "
                                + first.taskId()
                                + " waits for \"b\" of task "
                                + second.taskId()
                                + ", task "
                                + second.taskId()
                                + " waits for \"c\" of task "
                                + third.taskId()
                                + "; take locks in the same order everywhere")
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
                    assertThat(e.details()).containsEntry("reason", "DEADLOCK");
                });
        assertThat(third.phase()).as("runs on").isEqualTo(TaskPhase.RUNNING);
        domain.fail(third);
        assertThat(domain.kernel.locks().owner("c")).isSameAs(second);
    }

    @Test
    void anAttemptThatEndsGivesAllItsLocksBack() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, task().priority(1).maxRetries(1));
        take(domain, holder, "a");
        take(domain, holder, "b");
        TaskEntry waiter = running(domain, 4);
        await(domain, waiter, "b");
        domain.fail(holder);
        assertThat(holder.phase()).as("tried again").isNotEqualTo(TaskPhase.FAILED);
        assertThat(holder.heldLocks()).isEmpty();
        assertThat(holder.priority()).isEqualTo(1);
        assertThat(domain.kernel.locks().owner("b")).isSameAs(waiter);
        assertThat(domain.kernel.locks().owner("a")).isNull();
    }

    @Test
    void whoGivesUpIsReadyWithoutTheLockAndTheHolderIsAsUrgentAsBefore() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        TaskEntry waiter = running(domain, 6);
        await(domain, waiter, "a");
        assertThat(domain.kernel.locks().giveUp(waiter, domain.now())).isTrue();
        assertThat(holder.priority()).isEqualTo(1);
        assertThat(domain.pick()).isSameAs(waiter);
        assertThat(domain.kernel.locks().giveUp(waiter, domain.now())).isFalse();
        giveBack(domain, holder, "a");
        assertThat(domain.kernel.locks().owner("a")).isNull();
    }

    @Test
    void aTaskThatIsCancelledWhileItWaitsGoesOnWithoutTheLock() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        TaskEntry waiter = running(domain, 6);
        await(domain, waiter, "a");
        domain.kernel.cancel(waiter.taskId(), "enough", domain.now());
        domain.kernel.unwind(waiter, domain.now());
        assertThat(waiter.phase()).isEqualTo(TaskPhase.CANCELLING);
        assertThat(holder.priority()).isEqualTo(1);
        domain.kernel.finished(waiter, new Outcome.Cancelled(null), domain.now());
        giveBack(domain, holder, "a");
        assertThat(waiter.phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(domain.kernel.locks().owner("a")).isNull();
    }

    @Test
    void theLocksOfAThreadThatIsLeftBehindStayClosedUntilItEnds() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry stuck = running(domain, 1);
        take(domain, stuck, "a");
        take(domain, stuck, "b");
        TaskEntry waiter = running(domain, 6);
        await(domain, waiter, "a");
        domain.kernel.cancel(stuck.taskId(), null, domain.now());
        KeptLocks kept = domain.kernel.locks().keep(stuck, "its thread is stuck", domain.now());
        domain.kernel.finished(stuck, new Outcome.Cancelled(null), domain.now());
        assertThat(kept.names()).containsExactly("a", "b");
        assertThat(domain.pick()).isSameAs(waiter);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> take(domain, waiter, "a"))
                .withMessage("lock \"a\" cannot be had: its thread is stuck")
                .satisfies(e -> assertThat(e.details()).containsEntry("reason", "LOCK_LOST"));
        domain.kernel.locks().free(kept, "b");
        assertThat(take(domain, waiter, "b")).isTrue();
        domain.kernel.locks().free(kept);
        assertThat(take(domain, waiter, "a")).isTrue();
        assertThat(domain.kernel.locks().holds(waiter, "b")).as("another lock by now").isTrue();
    }

    @Test
    void withoutAProtocolNobodyInherits() {
        Fixture domain = domain(PriorityProtocol.NONE, null);
        TaskEntry holder = running(domain, 1);
        take(domain, holder, "a");
        TaskEntry high = running(domain, 9);
        await(domain, high, "a");
        assertThat(holder.priority()).isEqualTo(1);
        assertThat(domain.kernel.counts().priorityInversions()).isZero();
        domain.kernel.settings(settings(PriorityProtocol.INHERITANCE, null), domain.now());
        assertThat(holder.priority()).as("another protocol holds at once").isEqualTo(9);
        domain.kernel.settings(settings(PriorityProtocol.NONE, null), domain.now());
        assertThat(holder.priority()).isEqualTo(1);
    }

    @Test
    void underAFixedCeilingAHolderIsThatUrgentAtOnceAndNoUserMayBeMoreUrgent() {
        Fixture domain = domain(PriorityProtocol.CEILING, 7);
        TaskEntry holder = running(domain, 2);
        take(domain, holder, "a");
        assertThat(holder.priority()).isEqualTo(7);
        assertThat(domain.kernel.counts().priorityInversions()).isEqualTo(1);
        giveBack(domain, holder, "a");
        assertThat(holder.priority()).isEqualTo(2);
        TaskEntry above = running(domain, 8);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> take(domain, above, "a"))
                .withMessage(
                        "under CEILING task "
                                + above.taskId()
                                + " cannot take lock \"a\": its priority 8 is above the ceiling 7"
                                + " of the domain; raise scheduler.priorities.ceiling or lower the"
                                + " task");
        domain.kernel.settings(settings(PriorityProtocol.CEILING, 9), domain.now());
        take(domain, above, "a");
        assertThat(above.priority()).isEqualTo(9);
    }

    @Test
    void withoutAFixedCeilingTheMostUrgentUnfinishedUserCounts() {
        Fixture domain = domain(PriorityProtocol.CEILING, null);
        TaskEntry holder = running(domain, task().priority(1), "a");
        TaskEntry user = admit(domain, task().priority(6).runAt(later(domain)), "a", "b");
        admit(domain, task().priority(9), "b");
        take(domain, holder, "a");
        assertThat(holder.priority()).isEqualTo(6);
        TaskEntry late = admit(domain, task().priority(8).runAt(later(domain)), "a");
        assertThat(holder.priority()).as("a user that came later").isEqualTo(8);
        domain.kernel.cancel(late.taskId(), null, domain.now());
        assertThat(holder.priority()).as("is gone").isEqualTo(6);
        domain.kernel.changePriority(user.taskId(), 3, domain.now());
        assertThat(holder.priority()).isEqualTo(3);
        giveBack(domain, holder, "a");
        assertThat(holder.priority()).isEqualTo(1);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> take(domain, holder, "b"))
                .withMessageContaining("its handler noop has not declared it");
    }

    @Test
    void deadlinesAndPeriodsAreInheritedToo() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry holder =
                running(
                        domain,
                        task().priority(5).deadline(domain.now().instant().plusSeconds(100)));
        take(domain, holder, "a");
        TaskEntry urgent =
                running(
                        domain,
                        task().priority(5).deadline(domain.now().instant().plusSeconds(10)));
        await(domain, urgent, "a");
        assertThat(holder.deadline()).isEqualTo(urgent.deadline());
        assertThat(holder.relativeDeadline()).isEqualTo(Duration.ofSeconds(10).toNanos());
        giveBack(domain, holder, "a");
        assertThat(holder.deadline()).isEqualTo(Duration.ofSeconds(100).toNanos());

        TaskEntry often =
                domain.kernel
                        .admit(
                                List.of(
                                        new Admission(
                                                domain.newId(),
                                                task().build(),
                                                "noop",
                                                Map.of(),
                                                null,
                                                1000)),
                                domain.now())
                        .getFirst();
        assertThat(domain.pick()).isSameAs(urgent);
        assertThat(domain.pick()).isSameAs(often);
        await(domain, often, "a");
        assertThat(urgent.period()).isEqualTo(1000);
    }

    @Test
    void underAPolicyOfDeadlinesTheEarliestWaiterGetsTheLock() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        domain.kernel.usePolicy(policy(true, TaskView::deadline), domain.now());
        TaskEntry holder = running(domain, 5);
        take(domain, holder, "a");
        TaskEntry late =
                running(
                        domain,
                        task().priority(9).deadline(domain.now().instant().plusSeconds(90)));
        await(domain, late, "a");
        TaskEntry early =
                running(
                        domain,
                        task().priority(1).deadline(domain.now().instant().plusSeconds(10)));
        await(domain, early, "a");
        giveBack(domain, holder, "a");
        assertThat(domain.kernel.locks().owner("a")).isSameAs(early);
    }

    @Test
    void namesAndNumbersOfLocksAreLimited() {
        Fixture domain = domain(PriorityProtocol.INHERITANCE, null);
        TaskEntry entry = running(domain, 5);
        for (String bad : List.of("", "a b", "ä", "x".repeat(129)))
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> take(domain, entry, bad))
                    .withMessageContaining("1 to 128 letters");
        for (int i = 0; i < 64; i++) take(domain, entry, "A.b_c:d/e-" + i);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> take(domain, entry, "one-more"))
                .satisfies(
                        e -> assertThat(e.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED));
        assertThat(take(domain, entry, "A.b_c:d/e-0")).as("one it has").isTrue();
    }

    private static java.time.Instant later(Fixture domain) {
        return domain.now().instant().plusSeconds(3600);
    }

    private static TaskEntry running(Fixture domain, int priority) {
        return running(domain, task().priority(priority));
    }

    private static TaskEntry running(Fixture domain, TaskRequest.Builder request, String... locks) {
        TaskEntry entry = admit(domain, request, locks);
        assertThat(domain.pick()).isSameAs(entry);
        return entry;
    }

    private static TaskEntry admit(Fixture domain, TaskRequest.Builder request, String... locks) {
        Admission admission =
                new Admission(domain.newId(), request.build(), "noop").withLocks(Set.of(locks));
        return domain.kernel.admit(List.of(admission), domain.now()).getFirst();
    }

    private static boolean take(Fixture domain, TaskEntry entry, String lock) {
        return domain.kernel.locks().take(entry, lock, domain.now());
    }

    private static void await(Fixture domain, TaskEntry entry, String lock) {
        assertThat(take(domain, entry, lock)).isFalse();
        domain.kernel.locks().await(entry, lock, domain.now());
    }

    private static void giveBack(Fixture domain, TaskEntry entry, String lock) {
        domain.kernel.locks().giveBack(entry, lock, domain.now());
    }

    static KernelSettings settings(PriorityProtocol protocol, @Nullable Integer ceiling) {
        return new KernelSettings(
                        new PriorityConfig(0, 10, 5, protocol, Duration.ZERO, 1, ceiling),
                        QueuePolicy.FIFO,
                        0,
                        4,
                        0,
                        100,
                        Durability.VOLATILE,
                        false)
                .with(new PreemptionConfig(true, PreemptionMode.COOPERATIVE));
    }

    static Fixture domain(PriorityProtocol protocol, @Nullable Integer ceiling) {
        Fixture domain = new Fixture(settings(protocol, ceiling));
        domain.kernel.usePolicy(policy(false, view -> -(long) view.priority()), domain.now());
        return domain;
    }

    static PolicyBinding policy(boolean deadlines, KeyedPolicy order) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TEST",
                        "1",
                        "Ranks.",
                        Ordering.STRICT,
                        true,
                        deadlines,
                        Optional.empty(),
                        List.of());
        return PolicyBinding.of(order, descriptor, "test");
    }
}
