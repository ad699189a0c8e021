// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

final class TurnsTest {
    private static final long SLICE = 1_000;

    private final RoundRobin policy = new RoundRobin(SLICE);

    @Test
    void everyoneGetsATurnBeforeAnyoneGetsASecondOne() {
        for (int i = 1; i <= 3; i++) policy.enqueue(new Node(i), EnqueueReason.NEW, 0);
        List<Long> turns = new ArrayList<>();
        for (int turn = 0; turn < 9; turn++) {
            Node node = pick(false);
            turns.add(node.seq);
            node.started = true;
            policy.charge(node, SLICE, SLICE, SliceEnd.QUANTUM);
            policy.enqueue(node, EnqueueReason.EXPIRED, 0);
        }
        assertThat(turns).containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void whatATaskTookTooMuchShortensItsNextSliceOnceAndByHalfAtMost() {
        Node node = new Node(1);
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
        Node first = new Node(1);
        Node second = new Node(2);
        second.started = true;
        Node third = new Node(3);
        for (Node node : List.of(first, second, third)) policy.enqueue(node, EnqueueReason.NEW, 0);
        assertThat(pick(true)).isSameAs(second);
        assertThat(policy.pickNext(0, 0, true)).isNull();
        assertThat(pick(false)).isSameAs(first);
        assertThat(pick(false)).isSameAs(third);
        assertThat(policy.size()).isZero();
    }

    private Node pick(boolean startedOnly) {
        PolicyNode picked = policy.pickNext(0, 0, startedOnly);
        assertThat(picked).isInstanceOf(Node.class);
        return (Node) Objects.requireNonNull(picked);
    }

    private static final class Node extends PolicyNode implements TaskView {
        final long seq;
        boolean started;

        Node(long seq) {
            this.seq = seq;
        }

        @Override
        public TaskView task() {
            return this;
        }

        @Override
        public UUID id() {
            return new UUID(0, seq);
        }

        @Override
        public long seq() {
            return seq;
        }

        @Override
        public TaskType type() {
            return TaskType.COMPUTATION;
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public int basePriority() {
            return 0;
        }

        @Override
        public long releasedAt() {
            return 0;
        }

        @Override
        public long deadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public long relativeDeadline() {
            return Long.MAX_VALUE;
        }

        @Override
        public long period() {
            return Long.MAX_VALUE;
        }

        @Override
        public long estimatedNanos() {
            return 0;
        }

        @Override
        public long consumedNanos() {
            return 0;
        }

        @Override
        public boolean started() {
            return started;
        }
    }
}
