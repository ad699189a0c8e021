// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/** A policy whose order changes because time passes is asked at the instants that it names. */
final class DecisionInstantTest {
    private static final Duration STEP = Duration.ofMillis(1);

    @Test
    void atTheInstantTheLeastUrgentRunningTaskGivesWayThoughNothingHappened() {
        Fixture domain = domain(2, true);
        Turning policy = use(domain);
        TaskEntry high = domain.admit(task().priority(9));
        TaskEntry middle = domain.admit(task().priority(6));
        domain.pick();
        domain.pick();
        TaskEntry low = domain.admit(task().priority(3));
        assertThat(domain.asked).isEmpty();
        policy.turnsAt = STEP.toNanos();
        domain.admit(task().priority(5));
        assertThat(domain.kernel.nextTimerNanos()).isEqualTo(STEP.toNanos());
        domain.pass(STEP);
        assertThat(domain.asked)
                .as("smallest priority first from now on: the largest running one gives way")
                .containsExactly(high);
        assertThat(domain.kernel.rotate(high, 0, domain.now())).isSameAs(low);
        assertThat(policy.charged).containsExactly(SliceEnd.PREEMPTED);
        assertThat(middle.phase().toString()).isEqualTo("RUNNING");
        assertThat(domain.ejections).isEmpty();
    }

    @Test
    void aTaskThatComesFirstAgainGoesOnWithoutALossOfItsSlot() {
        Fixture domain = domain(1, true);
        Turning policy = use(domain);
        policy.turnsAt = STEP.toNanos();
        TaskEntry low = domain.admit(task().priority(1));
        domain.pick();
        domain.admit(task().priority(1));
        domain.pass(STEP);
        assertThat(domain.asked).containsExactly(low);
        domain.phases.clear();
        assertThat(domain.kernel.rotate(low, 0, domain.now())).isSameAs(low);
        assertThat(domain.phases).as("nothing to tell").isEmpty();
        assertThat(domain.kernel.counts().preemptions()).isZero();
        assertThat(domain.kernel.nextTimerNanos()).as("no further instant").isEqualTo(NEVER);
    }

    @Test
    void nobodyIsAskedWithoutPreemptionNorTwiceForOneInstant() {
        Fixture still = domain(1, false);
        use(still).turnsAt = STEP.toNanos();
        still.admit(task().priority(9));
        still.pick();
        still.admit(task().priority(1));
        assertThat(still.kernel.nextTimerNanos()).isEqualTo(NEVER);
        still.pass(STEP.multipliedBy(2));
        assertThat(still.asked).isEmpty();

        Fixture domain = domain(1, true);
        use(domain).turnsAt = STEP.toNanos();
        TaskEntry running = domain.admit(task().priority(9));
        domain.pick();
        domain.admit(task().priority(1));
        domain.pass(STEP);
        domain.pass(STEP);
        assertThat(domain.asked).containsExactly(running);
    }

    @Test
    void aTaskIsLeftInPeaceForTheGranularityBeforeItGivesWayBecauseTimePassed() {
        PreemptionConfig coarse =
                new PreemptionConfig(
                        true,
                        PreemptionMode.COOPERATIVE,
                        0,
                        STEP.multipliedBy(5),
                        java.util.Set.of());
        Fixture domain = new Fixture(KernelSettings.basic(1).with(coarse));
        use(domain).turnsAt = STEP.toNanos();
        TaskEntry running = domain.admit(task().priority(9));
        domain.pick();
        domain.admit(task().priority(1));
        domain.pass(STEP);
        assertThat(domain.asked).isEmpty();
        domain.pass(STEP.multipliedBy(4));
        assertThat(domain.asked).containsExactly(running);
    }

    private static final long NEVER = Long.MAX_VALUE;

    private static Fixture domain(int slots, boolean preempts) {
        PreemptionConfig preemption =
                preempts
                        ? new PreemptionConfig(true, PreemptionMode.COOPERATIVE)
                        : new PreemptionConfig(false, PreemptionMode.NONE);
        return new Fixture(KernelSettings.basic(slots).with(preemption));
    }

    private static Turning use(Fixture domain) {
        Turning policy = new Turning();
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TURNING",
                        "1",
                        "For tests.",
                        Ordering.STRICT,
                        true,
                        false,
                        Optional.empty(),
                        List.of());
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "test;1.0"), domain.now());
        return policy;
    }

    /** The largest priority first until an instant, the smallest from then on. */
    private static final class Turning implements SchedulingPolicy {
        final List<PolicyNode> queue = new ArrayList<>();
        final List<SliceEnd> charged = new ArrayList<>();
        long turnsAt = NEVER;

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            queue.add(node);
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            Comparator<PolicyNode> order = (a, b) -> compare(a, b, now);
            PolicyNode first =
                    queue.stream()
                            .min(order.thenComparingLong(node -> node.task().seq()))
                            .orElse(null);
            if (first != null) queue.remove(first);
            return first;
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            int bySize = Integer.compare(b.task().priority(), a.task().priority());
            return now < turnsAt ? bySize : -bySize;
        }

        @Override
        public long quantum(PolicyNode node) {
            return 0;
        }

        @Override
        public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
            charged.add(end);
        }

        @Override
        public boolean remove(PolicyNode node) {
            return queue.remove(node);
        }

        @Override
        public void changed(PolicyNode node, Change change, long now) {
            // The comparison reads the view.
        }

        @Override
        public long nextDecisionAt(long now) {
            return now < turnsAt ? turnsAt : NEVER;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }
}
