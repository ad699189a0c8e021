// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

final class AgingTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Fixture domain = domain(INTERVAL, 2);

    @Test
    void theLongestWaitingTaskOfEachPriorityRisesOncePerIntervalUpToTheLargest() {
        TaskEntry first = domain.admit(task().priority(1));
        domain.pass(Duration.ofMillis(10));
        TaskEntry second = domain.admit(task().priority(1));
        TaskEntry other = domain.admit(task().priority(4));
        domain.pass(Duration.ofMillis(990));
        assertThat(List.of(first.priority(), second.priority(), other.priority()))
                .containsExactly(3, 1, 4);
        domain.pass(Duration.ofMillis(10));
        assertThat(other.priority()).isEqualTo(6);
        domain.pass(Duration.ofMillis(990));
        assertThat(List.of(first.priority(), second.priority())).containsExactly(5, 3);
        for (int i = 0; i < 5; i++) domain.pass(INTERVAL);
        assertThat(first.priority()).isEqualTo(10);
        assertThat(first.basePriority()).isEqualTo(1);
        assertThat(domain.task(first).effectivePriority()).isEqualTo(10);
    }

    @Test
    void aTaskThatWouldStarveIsDispatchedAtLastAndBeginsAnewThen() {
        TaskEntry patient = domain.admit(task().priority(1));
        TaskEntry picked = null;
        int rounds = 0;
        while (patient != picked) {
            domain.admit(task().priority(8));
            domain.pass(INTERVAL);
            picked = domain.pick();
            if (patient != picked) domain.succeed(picked);
            assertThat(++rounds).isLessThan(10);
        }
        assertThat(patient.priority()).isEqualTo(1);
        domain.succeed(patient);
        while (domain.kernel.ready() > 0) domain.succeed(domain.pick());
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
        domain.kernel.audit(domain.now());
    }

    @Test
    void aChangedPriorityIsWhereTheWaitBeginsAnew() {
        TaskEntry entry = domain.admit(task().priority(1));
        domain.pass(Duration.ofMillis(900));
        domain.kernel.changePriority(entry.taskId(), 4, domain.now());
        domain.pass(Duration.ofMillis(900));
        assertThat(entry.priority()).isEqualTo(4);
        domain.pass(Duration.ofMillis(100));
        assertThat(entry.priority()).isEqualTo(6);
    }

    @Test
    void withoutAnIntervalNobodyAgesAndSwitchingItOffTakesEverythingBack() {
        TaskEntry entry = domain.admit(task().priority(1));
        domain.pass(INTERVAL);
        assertThat(entry.priority()).isEqualTo(3);
        domain.kernel.settings(settings(Duration.ZERO, 1), domain.now());
        assertThat(entry.priority()).isEqualTo(1);
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
        domain.kernel.settings(settings(INTERVAL, 1), domain.now());
        domain.pass(INTERVAL);
        assertThat(entry.priority()).isEqualTo(2);
    }

    private static Fixture domain(Duration interval, int step) {
        Fixture domain = new Fixture(settings(interval, step));
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
        KeyedPolicy policy = view -> -(long) view.priority();
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "test"), domain.now());
        return domain;
    }

    private static KernelSettings settings(Duration interval, int step) {
        return new KernelSettings(
                new PriorityConfig(0, 10, 5, PriorityProtocol.INHERITANCE, interval, step),
                QueuePolicy.FIFO,
                0,
                1,
                0,
                100,
                Durability.VOLATILE,
                false);
    }
}
