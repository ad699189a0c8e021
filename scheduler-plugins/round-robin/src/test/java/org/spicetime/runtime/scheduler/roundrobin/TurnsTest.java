// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.testkit.scheduling.PolicyTask;

final class TurnsTest {
    private static final long SLICE = 1_000;

    private final RoundRobin policy = new RoundRobin(SLICE);

    @Test
    void everyoneGetsATurnBeforeAnyoneGetsASecondOne() {
        for (int i = 1; i <= 3; i++) policy.enqueue(new PolicyTask(i), EnqueueReason.NEW, 0);
        List<Long> turns = new ArrayList<>();
        for (int turn = 0; turn < 9; turn++) {
            PolicyTask node = pick(false);
            turns.add(node.seq());
            node.started(true);
            policy.charge(node, SLICE, SLICE, SliceEnd.QUANTUM);
            policy.enqueue(node, EnqueueReason.EXPIRED, 0);
        }
        assertThat(turns).containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void whatATaskTookTooMuchShortensItsNextSliceOnceAndByHalfAtMost() {
        PolicyTask node = new PolicyTask(1);
        policy.charge(node, 0, SLICE + 200, SliceEnd.QUANTUM);
        assertThat(policy.quantum(node)).isEqualTo(800);
        policy.charge(node, 0, 800, SliceEnd.QUANTUM);
        assertThat(policy.quantum(node)).isEqualTo(SLICE);
        policy.charge(node, 0, 50 * SLICE, SliceEnd.QUANTUM);
        assertThat(policy.quantum(node)).isEqualTo(SLICE / 2);
        policy.charge(node, 0, 10, SliceEnd.BLOCKED);
        assertThat(policy.quantum(node)).isEqualTo(SLICE);
    }

    @Test
    void whenOnlyStartedTasksMayRunTheOthersKeepTheirPlaces() {
        PolicyTask first = new PolicyTask(1);
        PolicyTask second = new PolicyTask(2);
        second.started(true);
        PolicyTask third = new PolicyTask(3);
        for (PolicyTask node : List.of(first, second, third))
            policy.enqueue(node, EnqueueReason.NEW, 0);
        assertThat(pick(true)).isSameAs(second);
        assertThat(policy.pickNext(0, 0, true)).isNull();
        assertThat(pick(false)).isSameAs(first);
        assertThat(pick(false)).isSameAs(third);
        assertThat(policy.size()).isZero();
    }

    private PolicyTask pick(boolean startedOnly) {
        PolicyNode picked = policy.pickNext(0, 0, startedOnly);
        assertThat(picked).isInstanceOf(PolicyTask.class);
        return (PolicyTask) Objects.requireNonNull(picked);
    }
}
