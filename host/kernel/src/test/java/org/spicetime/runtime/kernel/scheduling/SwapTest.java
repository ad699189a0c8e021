// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.scheduling.HostilePolicy.Crime;
import org.spicetime.runtime.kernel.task.Fixture;
import org.spicetime.runtime.kernel.task.TaskEntry;

final class SwapTest {
    private static final KeyedPolicy BY_PRIORITY = view -> -(long) view.priority();
    private static final KeyedPolicy NEWEST_FIRST = view -> -view.seq();

    private final Fixture domain = new Fixture();

    @Test
    void thousandsOfQueuedTasksGoOverAndNoneIsLostOrRunTwice() {
        SplittableRandom random = new SplittableRandom(11);
        List<TaskRequest.Builder> batch = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) batch.add(task().priority(random.nextInt(11)));
        List<TaskEntry> entries = domain.admitAll(batch);
        List<TaskEntry> running = new ArrayList<>();
        long generation = domain.kernel.policyGeneration();
        int swaps = 0;
        while (domain.kernel.unfinished() > 0) {
            if (random.nextInt(50) == 0) {
                use(policy(random.nextInt(4)));
                swaps++;
            }
            if (running.size() < 2 && domain.kernel.ready() > 0) running.add(domain.pick());
            else domain.succeed(running.remove(random.nextInt(running.size())));
        }
        assertThat(domain.finished).hasSameSizeAs(entries);
        assertThat(new HashSet<>(domain.finished)).isEqualTo(new HashSet<>(entries));
        assertThat(domain.ejections).isEmpty();
        assertThat(domain.kernel.policyGeneration()).isEqualTo(generation + swaps);
        domain.kernel.audit(domain.now());
    }

    @Test
    void theNewPolicyOrdersWhatTheOldOneQueued() {
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry high = domain.admit(task().priority(9));
        use(new HostilePolicy(Crime.NONE, 0));
        use(BY_PRIORITY);
        assertThat(domain.pick()).isSameAs(high);
        assertThat(domain.pick()).isSameAs(low);
    }

    @Test
    void theMostUrgentTasksGoOverFirst() {
        use(BY_PRIORITY);
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry high = domain.admit(task().priority(9));
        use(new HostilePolicy(Crime.NONE, 0));
        assertThat(domain.pick()).isSameAs(high);
        assertThat(domain.pick()).isSameAs(low);
    }

    @Test
    void aRunningTaskIsNotTouchedAndIsChargedToTheNewPolicy() {
        TaskEntry entry = domain.admit(task());
        domain.pick();
        use(new HostilePolicy(Crime.THROWS_ON_CHARGE, 0));
        domain.succeed(entry);
        assertThat(domain.finished).containsExactly(entry);
        assertThat(domain.ejections).hasSize(1);
    }

    @Test
    void aPolicyThatFailsWhileItTakesOverIsEjectedAtOnce() {
        TaskEntry first = domain.admit(task());
        TaskEntry second = domain.admit(task());
        use(new HostilePolicy(Crime.THROWS_ON_ENQUEUE, 1));
        assertThat(domain.ejections).hasSize(1);
        assertThat(domain.pick()).isSameAs(first);
        assertThat(domain.pick()).isSameAs(second);
    }

    @Test
    void theOldPolicyIsNeverCalledAgain() {
        boolean[] replaced = new boolean[1];
        KeyedPolicy watched =
                view -> {
                    if (replaced[0])
                        throw new IllegalStateException("called after it was replaced");
                    return view.seq();
                };
        use(watched);
        TaskEntry entry = domain.admit(task());
        replaced[0] = true;
        use(NEWEST_FIRST);
        domain.kernel.changePriority(entry.taskId(), 9, domain.now());
        domain.succeed(domain.pick());
        assertThat(domain.ejections).isEmpty();
    }

    private static Policy policy(int number) {
        return switch (number) {
            case 0 -> BY_PRIORITY;
            case 1 -> NEWEST_FIRST;
            case 2 -> (KeyedPolicy) TaskView::deadline;
            default -> new HostilePolicy(Crime.NONE, 0);
        };
    }

    private void use(Policy policy) {
        EjectionTest.use(domain, policy, Optional.empty());
    }
}
