// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.WaitReason;

/** Tasks whose handler is away. Those of {@link Fixture#admit} have the handler "noop". */
final class AbsentHandlersTest {
    private final Fixture domain = new Fixture(KernelSettings.basic(4));
    private final Set<String> away = new HashSet<>(Set.of("noop"));

    @BeforeEach
    void ask() {
        domain.kernel.handlers(name -> !away.contains(name));
    }

    private TaskEntry admit(TaskRequest.Builder request, String handler) {
        return domain.kernel
                .admit(
                        List.of(new Admission(domain.newId(), request.build(), handler)),
                        domain.now())
                .getFirst();
    }

    private void back(String handler) {
        away.remove(handler);
        domain.kernel.handlerCame(handler, domain.now());
    }

    private static void requireUnused(TaskEntry entry) {
        assertThat(entry.attempt()).isZero();
        assertThat(entry.retriesUsed).isZero();
        assertThat(entry.started()).isFalse();
    }

    @Test
    void aTaskWaitsAsideForItsHandlerWithoutAnAttemptAndHoldsUpNobody() {
        TaskEntry first = domain.admit(task());
        TaskEntry second = domain.admit(task());
        TaskEntry other = admit(task(), "other");
        domain.run(other);
        domain.nothingToPick();
        for (TaskEntry entry : List.of(first, second)) {
            assertThat(entry.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
            assertThat(entry.waitsFor()).isEqualTo(WaitReason.LIMIT);
            assertThat(entry.resource()).isEqualTo("handler noop");
            requireUnused(entry);
        }
        assertThat(domain.kernel.awaitingHandlers()).isEqualTo(2);
        assertThat(domain.kernel.nextTimerNanos()).as("nobody polls").isEqualTo(Long.MAX_VALUE);
        domain.kernel.handlerCame("another", domain.now());
        domain.kernel.handlerCame("noop", domain.now());
        domain.nothingToPick();

        int told = domain.ready;
        back("noop");
        assertThat(domain.ready - told).as("workers are called").isEqualTo(2);
        domain.run(first);
        domain.run(second);
        assertThat(first.attempt()).isOne();
        assertThat(domain.kernel.awaitingHandlers()).isZero();
        domain.kernel.audit(domain.now());
    }

    @Test
    void theyComeBackInTheOrderOfThePolicyAsTheyAreThen() {
        domain.kernel.usePolicy(
                LocksTest.policy(false, view -> -(long) view.priority()), domain.now());
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry mid = domain.admit(task().priority(5));
        TaskEntry high = domain.admit(task().priority(8));
        domain.nothingToPick();
        domain.kernel.changePriority(low.taskId(), 9, domain.now());
        away.clear();
        TaskEntry late = domain.admit(task().priority(7));
        back("noop");
        for (TaskEntry next : List.of(low, high, late, mid)) domain.run(next);
    }

    @Test
    void whatWaitsForItsHandlerIsCancelledTimedOutAndSuspendedAsUsual() {
        TaskEntry cancelled = domain.admit(task());
        TaskEntry late =
                domain.admit(
                        task().relativeDeadline(Duration.ofSeconds(1))
                                .onDeadlineMiss(DeadlineMissPolicy.CANCEL));
        TaskEntry suspended = domain.admit(task());
        domain.nothingToPick();
        domain.kernel.cancel(cancelled.taskId(), null, domain.now());
        assertThat(cancelled.phase()).isEqualTo(TaskPhase.CANCELLED);
        domain.kernel.suspend(suspended.taskId(), domain.now());
        domain.pass(Duration.ofSeconds(2));
        assertThat(late.phase()).isEqualTo(TaskPhase.TIMED_OUT);
        assertThat(domain.kernel.awaitingHandlers()).isZero();
        back("noop");
        domain.nothingToPick();
        domain.kernel.resume(suspended.taskId(), domain.now());
        domain.run(suspended);
        requireUnused(cancelled);
    }

    @Test
    void aPlaceUnderALimitIsPassedOnByWhoWaitsForItsHandler() {
        away.clear();
        away.add("gone");
        domain.kernel.settings(
                domain.kernel.settings().with(List.of(new TaskLimit(null, "k", 1, 0, 1))),
                domain.now());
        TaskEntry first = domain.admit(task().concurrencyKey("k"));
        TaskEntry gone = admit(task().concurrencyKey("k"), "late");
        TaskEntry third = domain.admit(task().concurrencyKey("k"));
        assertThat(domain.pick()).isSameAs(first);
        domain.nothingToPick();
        away.add("late");
        domain.succeed(first);
        assertThat(domain.pick()).as("the turn of the one aside").isSameAs(third);
        assertThat(gone.resource()).isEqualTo("handler late");
        back("late");
        domain.nothingToPick();
        domain.succeed(third);
        domain.run(gone);
        domain.kernel.audit(domain.now());
    }

    @Test
    void whatWasPickedAsItsHandlerWentUsesUpNoRetry() {
        away.clear();
        TaskEntry entry = domain.admit(task().maxRetries(0));
        domain.pick();
        away.add("noop");
        domain.kernel.finished(entry, new Outcome.Requeued("gone"), domain.now());
        domain.nothingToPick();
        assertThat(entry.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
        assertThat(entry.retriesUsed).isZero();
        back("noop");
        domain.run(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void manyComeBackStepByStepAndStayAsideIfTheHandlerGoesAgain() {
        int many = 2 * AbsentHandlers.MOST_AT_ONCE + 500;
        List<TaskEntry> tasks = new ArrayList<>();
        for (int i = 0; i < many; i++) tasks.add(domain.admit(task()));
        for (int i = 0; i < 3; i++) domain.nothingToPick();
        assertThat(domain.kernel.awaitingHandlers()).isEqualTo(many);
        back("noop");
        assertThat(domain.kernel.awaitingHandlers()).isEqualTo(many - AbsentHandlers.MOST_AT_ONCE);
        assertThat(domain.kernel.nextTimerNanos()).isLessThanOrEqualTo(domain.now().nanos());
        away.add("noop");
        domain.pass(Duration.ZERO);
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(domain.kernel.awaitingHandlers()).isEqualTo(many - AbsentHandlers.MOST_AT_ONCE);
        back("noop");
        for (int i = 0; i < 3; i++) domain.pass(Duration.ZERO);
        for (TaskEntry entry : tasks) domain.run(entry);
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
        domain.kernel.audit(domain.now());
    }

    @Test
    void handlersThatComeAndGoLoseAndDoubleNoTask(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = List.of("a", "b", "c");
        List<TaskEntry> tasks = new ArrayList<>();
        Queue<TaskEntry> running = new ArrayDeque<>();
        for (int step = 0; step < 4000; step++) {
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(7)) {
                case 0 -> away.add(name);
                case 1 -> back(name);
                case 2 ->
                        tasks.add(
                                admit(
                                        random.nextBoolean() ? task() : task().concurrencyKey("k"),
                                        name));
                case 3, 4 -> {
                    if (running.size() == 4) break;
                    TaskEntry picked = domain.kernel.pick(running.size(), domain.now());
                    if (picked == null) break;
                    assertThat(away).as("seed %s", seed).doesNotContain(picked.handler());
                    running.add(picked);
                }
                case 5 -> {
                    TaskEntry over = running.poll();
                    if (over != null) domain.succeed(over);
                }
                default -> {
                    if (tasks.isEmpty()) break;
                    TaskEntry one = tasks.get(random.nextInt(tasks.size()));
                    if (one.started() || one.isFinal()) break;
                    domain.kernel.suspend(one.taskId(), domain.now());
                    if (random.nextBoolean()) domain.kernel.resume(one.taskId(), domain.now());
                }
            }
        }
        names.forEach(this::back);
        for (TaskEntry entry : tasks)
            if (entry.phase() == TaskPhase.SUSPENDED)
                domain.kernel.resume(entry.taskId(), domain.now());
        for (TaskEntry over = running.poll(); over != null; over = running.poll())
            domain.succeed(over);
        for (TaskEntry next = domain.kernel.pick(0, domain.now());
                next != null;
                next = domain.kernel.pick(0, domain.now())) domain.succeed(next);
        assertThat(tasks)
                .as("seed %s", seed)
                .allSatisfy(entry -> {
                    assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
                    assertThat(entry.attempt()).isOne();
                });
        domain.kernel.audit(domain.now());
    }
}
