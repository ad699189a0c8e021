// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.onBatch;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;

/** A change of policy finds tasks in every state, and the order afterwards is the new one. */
final class SwapStatesTest {
    private static final KeyedPolicy ALL_EQUAL = view -> 0;
    private static final KeyedPolicy BY_PRIORITY = view -> -(long) view.priority();

    private final Fixture domain = new Fixture();

    @Test
    void afterwardsTasksArePickedAsIfTheNewPolicyHadAlwaysBeenInCharge() {
        SplittableRandom random = new SplittableRandom(5);
        use(domain, ALL_EQUAL);
        List<TaskRequest.Builder> batch = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) batch.add(task().priority(random.nextInt(11)));
        List<TaskEntry> entries = new ArrayList<>(domain.admitAll(batch));
        Map<TaskEntry, Integer> turns = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) turns.put(entries.get(i), i);
        for (int i = 0; i < 60; i++) {
            TaskEntry picked = domain.pick();
            SliceEnd why =
                    switch (i % 3) {
                        case 0 -> SliceEnd.QUANTUM;
                        case 1 -> SliceEnd.YIELDED;
                        default -> SliceEnd.BLOCKED;
                    };
            domain.kernel.leave(picked, why, domain.now());
            if (why == SliceEnd.BLOCKED) domain.kernel.woken(picked, domain.now());
            else turns.put(picked, entries.size() + i);
        }
        TaskEntry preempted = domain.pick();
        domain.kernel.leave(preempted, SliceEnd.PREEMPTED, domain.now());
        turns.put(preempted, -1);

        use(domain, BY_PRIORITY);
        while (domain.kernel.nextTimerNanos() != Long.MAX_VALUE) {
            domain.pass(Duration.ofNanos(domain.kernel.nextTimerNanos() - domain.now().nanos()));
        }
        entries.sort(
                Comparator.comparingInt((TaskEntry entry) -> -entry.priority())
                        .thenComparingInt(entry -> turns.getOrDefault(entry, 0)));
        for (TaskEntry expected : entries) domain.run(expected);
        assertThat(domain.kernel.unfinished()).isZero();
        assertThat(domain.ejections).isEmpty();
    }

    @Test
    void tasksInEveryStateLiveOn() {
        use(domain, ALL_EQUAL);
        TaskEntry ofTheFirst = domain.admit(task());
        domain.pick();
        TaskEntry preempted = domain.admit(task());
        domain.pick();
        domain.kernel.leave(preempted, SliceEnd.PREEMPTED, domain.now());
        use(domain, BY_PRIORITY);
        TaskEntry ofTheSecond = domain.admit(task().priority(9));
        domain.pick();
        TaskEntry blocked = domain.admit(task().priority(10));
        domain.pick();
        domain.kernel.leave(blocked, SliceEnd.BLOCKED, domain.now());
        TaskEntry cancelling = domain.admit(task().priority(10));
        domain.pick();
        domain.kernel.cancel(cancelling.taskId(), null, domain.now());
        TaskEntry retrying = domain.admit(task().priority(10).maxRetries(1));
        domain.pick();
        domain.fail(retrying);
        List<TaskEntry> dependent =
                domain.admitAll(task(), task().priority(10).dependsOn(onBatch(0)));
        TaskEntry later =
                domain.admit(task().runAt(domain.now().instant().plus(Duration.ofHours(1))));
        TaskEntry suspended = domain.admit(task());
        domain.kernel.suspend(suspended.taskId(), domain.now());

        use(domain, ALL_EQUAL);
        use(domain, BY_PRIORITY);
        assertThat(domain.kernel.policyGeneration()).isEqualTo(5);
        assertThat(ofTheFirst.phase()).isEqualTo(TaskPhase.RUNNING);
        assertThat(ofTheSecond.phase()).isEqualTo(TaskPhase.RUNNING);
        assertThat(blocked.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
        assertThat(cancelling.phase()).isEqualTo(TaskPhase.CANCELLING);
        domain.succeed(ofTheFirst);
        domain.succeed(ofTheSecond);
        domain.kernel.finished(cancelling, new Outcome.Cancelled(null), domain.now());
        domain.kernel.woken(blocked, domain.now());
        domain.kernel.resume(suspended.taskId(), domain.now());
        domain.run(blocked);
        domain.pass(Duration.ofHours(2));
        domain.run(retrying);
        domain.run(dependent.getFirst()); // inherits the priority of the one that waits for it
        domain.run(dependent.getLast());
        domain.run(preempted);
        domain.run(later.seq() < suspended.seq() ? later : suspended);
        domain.run(later.seq() < suspended.seq() ? suspended : later);
        assertThat(domain.kernel.unfinished()).isZero();
        assertThat(domain.finished).doesNotHaveDuplicates().hasSize(10);
        assertThat(domain.ejections).isEmpty();
        domain.kernel.audit(domain.now());
    }

    @Test
    void aRunningTaskOfAnEarlierPolicyGivesWayToWhoIsMoreUrgentUnderTheNewOne() {
        Fixture preemptive =
                new Fixture(
                        KernelSettings.basic(1)
                                .with(new PreemptionConfig(true, PreemptionMode.FULL)));
        use(preemptive, ALL_EQUAL);
        TaskEntry running = preemptive.admit(task().priority(1));
        preemptive.pick();
        TaskEntry urgent = preemptive.admit(task().priority(9));
        assertThat(preemptive.asked).isEmpty();
        use(preemptive, BY_PRIORITY);
        assertThat(preemptive.asked).containsExactly(running);
        assertThat(preemptive.kernel.rotate(running, 0, preemptive.now())).isSameAs(urgent);
        preemptive.succeed(urgent);
        preemptive.run(running);
    }

    @Test
    void anEjectionShowsTheOldestOfTheQueueAndTheFallbackRunsAllOfIt() {
        use(domain, BY_PRIORITY);
        List<TaskEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) entries.add(domain.admit(task().priority(i % 11)));
        TaskEntry started = domain.pick();
        domain.kernel.leave(started, SliceEnd.PREEMPTED, domain.now());
        entries.remove(started);
        domain.kernel.fallBack(EjectionReason.OPERATOR, "asked for", domain.now());

        PolicyEjection incident = domain.ejections.getFirst();
        assertThat(incident.report()).containsEntry("queued", 500);
        List<?> shown = (List<?>) incident.report().get("queue");
        assertThat(shown).hasSize(32);
        TaskEntry oldest = entries.getFirst();
        assertThat(shown.getFirst())
                .isEqualTo(
                        Map.of(
                                "id", oldest.id().toString(),
                                "seq", oldest.seq(),
                                "priority", oldest.priority(),
                                "started", false));
        entries.add(started);
        entries.sort(Comparator.comparingLong(TaskEntry::seq));
        for (TaskEntry expected : entries) domain.run(expected);
        assertThat(domain.finished).isEqualTo(entries);
    }

    private static void use(Fixture domain, KeyedPolicy policy) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TEST",
                        "1",
                        "For tests.",
                        Ordering.STRICT,
                        true,
                        false,
                        Optional.empty(),
                        List.of());
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "test;1.0"), domain.now());
    }
}
