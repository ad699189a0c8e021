// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;

/** Policies that break their contract after a few well-behaved picks. Immutable. */
enum HostilePolicies implements SchedulingPolicyFactory {
    /** Throws instead of picking. */
    THROWS(ThrowsWhenPicking::new),
    /** Throws an error of the JVM, not an exception. */
    OVERFLOWS(OverflowsWhenQueueing::new),
    /** Forgets tasks and counts as if it had never seen them. */
    LOSES(LosesTasks::new),
    /** Forgets tasks and pretends to hold them still. */
    HIDES(HidesTasks::new),
    /** Gives the same task twice. */
    DOUBLES(GivesTwice::new),
    /** Says that it holds a negative number of tasks. */
    MISCOUNTS(Miscounts::new),
    /** Names an instant that is long past for its next decision, and picks nothing. */
    STALLS(Stalls::new),
    /** A keyed one whose key throws. */
    KEY_THROWS(KeyThrows::new);

    static final int GOOD_PICKS = 20;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Supplier<Policy> made;

    HostilePolicies(Supplier<Policy> made) {
        this.made = made;
    }

    @Override
    public PolicyDescriptor descriptor() {
        return new PolicyDescriptor(
                "TEST_" + name(),
                "1.0.0",
                "Breaks its contract.",
                Ordering.STRICT,
                false,
                false,
                Optional.empty(),
                List.of());
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return made.get();
    }

    /** First come first served, as the contract has it. */
    private static class Honest implements SchedulingPolicy {
        final ArrayDeque<PolicyNode> queue = new ArrayDeque<>();
        int picks;

        final boolean turned() {
            return picks >= GOOD_PICKS;
        }

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            queue.add(node);
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            picks++;
            return startedOnly ? null : queue.poll();
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            return 0;
        }

        @Override
        public long quantum(PolicyNode node) {
            return 0;
        }

        @Override
        public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {}

        @Override
        public boolean remove(PolicyNode node) {
            return queue.remove(node);
        }

        @Override
        public void changed(PolicyNode node, Change change, long now) {}

        @Override
        public long nextDecisionAt(long now) {
            return Long.MAX_VALUE;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }

    private static final class ThrowsWhenPicking extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (turned()) {
                throw new IllegalStateException("hostile");
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class OverflowsWhenQueueing extends Honest {
        private int seen;

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            if (++seen > GOOD_PICKS) {
                throw new StackOverflowError("hostile");
            }
            super.enqueue(node, reason, now);
        }
    }

    private static final class LosesTasks extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (turned()) {
                queue.poll();
            }
            return super.pickNext(slot, now, startedOnly);
        }
    }

    private static final class HidesTasks extends Honest {
        private int hidden;

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (turned() && queue.poll() != null) {
                hidden++;
            }
            return super.pickNext(slot, now, startedOnly);
        }

        @Override
        public int size() {
            return queue.size() + hidden;
        }
    }

    private static final class GivesTwice extends Honest {
        private final List<PolicyNode> given = new ArrayList<>();

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            if (turned()) {
                return given.getFirst();
            }
            PolicyNode node = super.pickNext(slot, now, startedOnly);
            if (node != null) {
                given.add(node);
            }
            return node;
        }
    }

    private static final class Miscounts extends Honest {
        @Override
        public int size() {
            return turned() ? -1 : super.size();
        }
    }

    private static final class Stalls extends Honest {
        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            return turned() ? null : super.pickNext(slot, now, startedOnly);
        }

        @Override
        public long nextDecisionAt(long now) {
            return turned() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static final class KeyThrows implements KeyedPolicy {
        @Override
        public long key(TaskView task) {
            throw new ArithmeticException("hostile");
        }
    }
}
