// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
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
import org.spicetime.runtime.api.scheduler.StarvationBound;

/** A plain policy with its own queue: everyone in turn. Thread-safe. */
public final class TurnByTurnFactory implements SchedulingPolicyFactory {
    static final PolicyDescriptor DESCRIPTOR =
            new PolicyDescriptor(
                    "TEST_TURN_BY_TURN",
                    "1.0.0",
                    "Everyone in turn.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.of(new StarvationBound(1, 1)),
                    List.of());

    /** For the contract. */
    public TurnByTurnFactory() {}

    @Override
    public PolicyDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        return new TurnByTurn(context.quantumNanos());
    }

    /** Called by one thread at a time. */
    static class TurnByTurn implements SchedulingPolicy {
        final LinkedHashSet<PolicyNode> queue = new LinkedHashSet<>();
        private final long quantum;

        TurnByTurn(long quantum) {
            this.quantum = quantum;
        }

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            if (!queue.add(node)) throw new IllegalStateException("queued twice");
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            for (PolicyNode node : queue) {
                if (startedOnly && !node.task().started()) continue;
                queue.remove(node);
                return node;
            }
            return null;
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            return 0;
        }

        @Override
        public long quantum(PolicyNode node) {
            return quantum;
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
}
