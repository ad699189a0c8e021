// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskStatus;

/** Time alone takes the slot from a running task, under a policy that says when. */
@Timeout(60)
class DecisionInstantTest {
    @Test
    void aRunningTaskGivesWayWhenTheOrderTurnsThoughNoSliceEndsAndNobodyArrives() throws Exception {
        try (TestHost host = new TestHost()) {
            host.registry.addPolicy(new TurningFactory(), TestHost.BUNDLE);
            CountDownLatch running = new CountDownLatch(1);
            CountDownLatch other = new CountDownLatch(1);
            host.work(
                    "hog",
                    context -> {
                        running.countDown();
                        while (other.getCount() > 0) context.checkpoint();
                        return null;
                    });
            host.work(
                    "other",
                    context -> {
                        other.countDown();
                        return null;
                    });
            Domain domain =
                    host.domain(
                            "turning",
                            Map.of(
                                    "scheduler",
                                    Map.of(
                                            "policy",
                                            "TURNING",
                                            "preemption",
                                            Map.of("enabled", true, "mode", "COOPERATIVE")),
                                    "executor",
                                    Map.of("parallelism", 1)));
            Task hog = TestHost.get(domain.schedule(TestHost.task("hog").build()));
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            Task waiting = TestHost.get(domain.schedule(TestHost.task("other").build()));
            assertThat(TestHost.ended(domain, waiting.id()).status())
                    .isEqualTo(TaskStatus.COMPLETED);
            assertThat(TestHost.ended(domain, hog.id()).status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(domain.state().activePolicy()).isEqualTo("TURNING");
        }
    }

    /** Older tasks first; from 50 ms after the last arrival on, younger ones. */
    private static final class TurningFactory implements SchedulingPolicyFactory {
        @Override
        public PolicyDescriptor descriptor() {
            return new PolicyDescriptor(
                    "TURNING",
                    "1.0.0",
                    "Policy of a test.",
                    Ordering.STRICT,
                    true,
                    false,
                    Optional.empty(),
                    List.of());
        }

        @Override
        public Policy create(PolicyContext context, Options options) {
            return new Turning();
        }
    }

    private static final class Turning implements SchedulingPolicy {
        private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(50);

        private final ArrayDeque<PolicyNode> queue = new ArrayDeque<>();
        private long turnsAt;

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            if (reason == EnqueueReason.NEW) turnsAt = now + DELAY;
            queue.add(node);
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            PolicyNode next = null;
            for (PolicyNode node : queue)
                if ((!startedOnly || node.task().started())
                        && (next == null || compare(node, next, now) < 0)) next = node;
            if (next != null) queue.remove(next);
            return next;
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            int byAge = Long.compare(a.task().seq(), b.task().seq());
            return now < turnsAt ? byAge : -byAge;
        }

        @Override
        public long quantum(PolicyNode node) {
            return 0;
        }

        @Override
        public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
            // What a task used does not count.
        }

        @Override
        public boolean remove(PolicyNode node) {
            return queue.remove(node);
        }

        @Override
        public void changed(PolicyNode node, Change change, long now) {
            // Only the age counts.
        }

        @Override
        public long nextDecisionAt(long now) {
            return now < turnsAt ? turnsAt : Long.MAX_VALUE;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }
}
