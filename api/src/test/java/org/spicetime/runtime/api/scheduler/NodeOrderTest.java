// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.task.TaskType;

final class NodeOrderTest {
    private static final Comparator<Node> ORDER =
            Comparator.comparingLong((Node node) -> node.k0).thenComparingLong(node -> node.k1);

    private final NodeOrder order = new NodeOrder();

    @Test
    void anyOperationsKeepTheOrderOfAllAndOfThoseThatAreStarted(TestReporter reporter) {
        long seed = Long.getLong("test.seed", System.nanoTime());
        reporter.publishEntry("test.seed", Long.toString(seed));
        SplittableRandom random = new SplittableRandom(seed);
        TreeSet<Node> model = new TreeSet<>(ORDER);
        List<Node> removed = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            int dice = random.nextInt(10);
            if (dice < 5) {
                Node node = new Node(random.nextBoolean());
                node.k0 = random.nextInt(50);
                node.k1 = i;
                order.add(node);
                model.add(node);
            } else if (dice < 8 && !model.isEmpty()) {
                boolean only = random.nextInt(4) == 0;
                Node first = first(model, only);
                assertThat(order.take(only)).as("seed %d", seed).isSameAs(first);
                if (first == null) continue;
                model.remove(first);
                removed.add(first);
            } else if (dice < 9 && !model.isEmpty()) {
                Node node = model.ceiling(key(random.nextInt(50), 0));
                if (node == null) continue;
                model.remove(node);
                node.k0 = random.nextInt(50);
                order.moved(node);
                model.add(node);
            } else if (!removed.isEmpty()) {
                Node gone = removed.get(random.nextInt(removed.size()));
                assertThat(order.contains(gone)).isFalse();
                assertThat(order.remove(gone)).isFalse();
            }
            assertThat(order.size()).isEqualTo(model.size());
            assertThat(order.first(false)).as("seed %d", seed).isSameAs(first(model, false));
        }
        for (Node node : List.copyOf(model)) assertThat(order.remove(node)).isTrue();
        assertThat(order.size()).isZero();
        assertThat(order.take(false)).isNull();
    }

    @Test
    void aNodeOfAnotherOrderIsNotInThisOne() {
        NodeOrder other = new NodeOrder();
        Node here = new Node(false);
        Node there = new Node(false);
        order.add(here);
        other.add(there);
        assertThat(order.contains(there)).isFalse();
        assertThat(order.remove(there)).isFalse();
        order.moved(there);
        assertThat(order.first(false)).isSameAs(here);
        assertThat(other.take(false)).isSameAs(there);
    }

    private static @Nullable Node first(Set<Node> model, boolean startedOnly) {
        for (Node node : model) if (!startedOnly || node.started) return node;
        return null;
    }

    private static Node key(long k0, long k1) {
        Node key = new Node(false);
        key.k0 = k0;
        key.k1 = k1;
        return key;
    }

    private static final class Node extends PolicyNode implements TaskView {
        final boolean started;

        Node(boolean started) {
            this.started = started;
        }

        @Override
        public TaskView task() {
            return this;
        }

        @Override
        public UUID id() {
            return new UUID(0, 0);
        }

        @Override
        public long seq() {
            return 0;
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
