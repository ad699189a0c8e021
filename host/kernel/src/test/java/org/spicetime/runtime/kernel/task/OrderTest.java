// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/** Priorities, inheritance, ties, queries. */
final class OrderTest {
    private static final KeyedPolicy BY_PRIORITY = view -> -(long) view.priority();
    private static final KeyedPolicy BY_DEADLINE = TaskView::deadline;
    private static final KeyedPolicy ALL_EQUAL = view -> 0;

    private final Fixture domain = new Fixture();

    @Test
    void changingThePriorityMovesAQueuedTask() {
        use(domain, BY_PRIORITY);
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry high = domain.admit(task().priority(9));
        domain.kernel.changePriority(low.taskId(), 10, domain.now());
        domain.run(low);
        domain.run(high);
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.changePriority(high.taskId(), 3, domain.now()));
        assertThat(refused).hasMessageContaining("COMPLETED");
    }

    @Test
    void aLateReleaseHasTheRelativeDeadlineOfItsSchedule() {
        Instant nominal = domain.now().instant();
        domain.passUnnoticed(Duration.ofMillis(7));
        TaskEntry late =
                domain.kernel
                        .admit(
                                List.of(
                                        new Admission(
                                                domain.newId(),
                                                task().deadline(nominal.plusMillis(50)).build(),
                                                "noop",
                                                Map.of(),
                                                new TaskRelease(UUID.randomUUID(), 1, nominal),
                                                Duration.ofMillis(100).toNanos())),
                                domain.now())
                        .getFirst();
        assertThat(late.relativeDeadline()).isEqualTo(Duration.ofMillis(50).toNanos());
        assertThat(late.period()).isEqualTo(Duration.ofMillis(100).toNanos());
        TaskEntry single = domain.admit(task().deadline(nominal.plusMillis(50)));
        assertThat(single.relativeDeadline()).isEqualTo(Duration.ofMillis(43).toNanos());
        TaskEntry without = domain.admit(task());
        assertThat(without.relativeDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPriorityOutOfRangeChangesNothing() {
        TaskEntry entry = domain.admit(task().priority(1));
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.changePriority(entry.taskId(), 11, domain.now()));
        assertThat(refused).hasMessage("priority must be 0 .. 10, was 11");
        assertThat(entry.priority()).isEqualTo(1);
    }

    @Test
    void whatAnUrgentTaskWaitsForIsAsUrgentOverAllSteps() {
        use(domain, BY_PRIORITY);
        TaskEntry middle = domain.admit(task().priority(5));
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry between =
                domain.admit(task().priority(2).dependsOn(on(low, DependencyType.SUCCESS)));
        TaskEntry high =
                domain.admit(task().priority(9).dependsOn(on(between, DependencyType.SUCCESS)));
        assertThat(low.priority()).isEqualTo(9);
        assertThat(low.basePriority()).isEqualTo(1);
        assertThat(domain.task(low).effectivePriority()).isEqualTo(9);
        assertThat(domain.kernel.counts().priorityInversions()).isEqualTo(2);
        domain.run(low);
        domain.run(between);
        domain.run(high);
        domain.run(middle);
    }

    @Test
    void whatWasInheritedGoesWhenNobodyUrgentWaitsAnyMore() {
        use(domain, BY_PRIORITY);
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry between =
                domain.admit(task().priority(2).dependsOn(on(low, DependencyType.SUCCESS)));
        TaskEntry high =
                domain.admit(task().priority(9).dependsOn(on(between, DependencyType.SUCCESS)));
        domain.kernel.changePriority(high.taskId(), 7, domain.now());
        assertThat(low.priority()).isEqualTo(7);
        domain.kernel.cancel(high.taskId(), null, domain.now());
        assertThat(between.priority()).isEqualTo(2);
        assertThat(low.priority()).isEqualTo(2);
    }

    @Test
    void inheritanceReachesSixteenStepsAndNoFurther() {
        List<TaskEntry> chain = new ArrayList<>();
        chain.add(domain.admit(task().priority(0)));
        for (int i = 1; i < 20; i++)
            chain.add(
                    domain.admit(
                            task().priority(0)
                                    .dependsOn(on(chain.get(i - 1), DependencyType.SUCCESS))));
        domain.admit(task().priority(9).dependsOn(on(chain.getLast(), DependencyType.SUCCESS)));
        assertThat(chain.stream().filter(entry -> entry.priority() == 9)).hasSize(17);
    }

    @Test
    void withoutAProtocolNothingIsInherited() {
        KernelSettings basic = KernelSettings.basic(1);
        TaskEntry low = domain.admit(task().priority(1));
        domain.admit(task().priority(9).dependsOn(on(low, DependencyType.SUCCESS)));
        assertThat(low.priority()).isEqualTo(9);
        domain.kernel.settings(
                new KernelSettings(
                        new PriorityConfig(0, 10, 5, PriorityProtocol.NONE),
                        basic.queuePolicy(),
                        0,
                        1,
                        0,
                        10,
                        basic.durability(),
                        false),
                domain.now());
        assertThat(low.priority()).isEqualTo(1);
        domain.kernel.settings(basic, domain.now());
        assertThat(low.priority()).isEqualTo(9);
    }

    @Test
    void deadlinesAreInherited() {
        use(domain, BY_DEADLINE);
        TaskEntry dated = domain.admit(task().relativeDeadline(Duration.ofSeconds(9)));
        TaskEntry undated = domain.admit(task());
        TaskEntry urgent =
                domain.admit(
                        task().relativeDeadline(Duration.ofSeconds(3))
                                .dependsOn(on(undated, DependencyType.SUCCESS)));
        domain.run(undated);
        domain.run(urgent);
        domain.run(dated);
    }

    @Test
    void aNarrowerRangeClampsWhatPoliciesSee() {
        TaskEntry entry = domain.admit(task().priority(9));
        KernelSettings basic = KernelSettings.basic(1);
        domain.kernel.settings(
                new KernelSettings(
                        new PriorityConfig(2, 4, 3, PriorityProtocol.NONE),
                        basic.queuePolicy(),
                        0,
                        1,
                        0,
                        10,
                        basic.durability(),
                        false),
                domain.now());
        assertThat(entry.priority()).isEqualTo(4);
        assertThat(domain.task(entry).priority()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "FIFO, 0 1 2 3 4",
        "LIFO, 4 3 2 1 0",
        "PRIORITY, 2 0 1 3 4",
        "DEADLINE, 3 1 0 2 4",
        "SHORTEST_FIRST, 4 1 0 2 3",
        "FAIR, 0 2 1 3 4"
    })
    void equalsFollowTheQueuePolicy(QueuePolicy policy, String expected) {
        KernelSettings basic = KernelSettings.basic(1);
        Fixture tied =
                new Fixture(
                        new KernelSettings(
                                basic.priorities(),
                                policy,
                                0,
                                1,
                                0,
                                10,
                                basic.durability(),
                                false));
        use(tied, ALL_EQUAL);
        List<TaskEntry> entries =
                tied.admitAll(
                        task(),
                        task().relativeDeadline(Duration.ofSeconds(9))
                                .estimatedDuration(Duration.ofMillis(2)),
                        TaskRequest.of(TaskType.IO).priority(7),
                        task().relativeDeadline(Duration.ofSeconds(5)),
                        task().estimatedDuration(Duration.ofMillis(1)));
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < entries.size(); i++) {
            TaskEntry picked = tied.pick();
            order.append(' ').append(entries.indexOf(picked));
            tied.succeed(picked);
        }
        assertThat(order.substring(1)).isEqualTo(expected);
    }

    @Test
    void amongEqualsAPreemptedTaskStaysFirstAndAnExpiredOneGoesLast() {
        use(domain, ALL_EQUAL);
        List<TaskEntry> entries = domain.admitAll(task(), task(), task());
        domain.kernel.leave(domain.pick(), SliceEnd.QUANTUM, domain.now());
        domain.kernel.leave(domain.pick(), SliceEnd.PREEMPTED, domain.now());
        domain.run(entries.get(1));
        domain.run(entries.get(2));
        domain.run(entries.get(0));
    }

    @Test
    void tasksAreListedInSchedulingOrder() {
        use(domain, BY_PRIORITY);
        TaskEntry done = domain.admit(task().priority(9).name("done"));
        domain.run(done);
        TaskEntry newer = domain.admit(task().priority(9));
        domain.run(newer);
        TaskEntry running = domain.admit(task().priority(9));
        domain.pick();
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry high = domain.admit(task().priority(8));
        TaskEntry blocked =
                domain.admit(task().priority(1).dependsOn(on(running, DependencyType.SUCCESS)));
        TaskEntry later = domain.admit(task().runAt(domain.now().instant().plusSeconds(5)));
        assertThat(domain.kernel.tasks(TaskFilter.ALL, domain.now()))
                .extracting(Task::id)
                .containsExactly(
                        running.taskId(),
                        high.taskId(),
                        low.taskId(),
                        later.taskId(),
                        blocked.taskId(),
                        newer.taskId(),
                        done.taskId());
    }

    private static void use(Fixture domain, KeyedPolicy policy) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TEST",
                        "1",
                        "Ranks.",
                        Ordering.STRICT,
                        false,
                        false,
                        Optional.empty(),
                        List.of());
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "test"), domain.now());
    }
}
