// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** Well-behaved policies of tests, with an eye on who calls them. */
final class Policies {
    private Policies() {}

    static PolicyBinding binding(String name, Policy policy) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        name,
                        "1",
                        "For tests.",
                        Ordering.STRICT,
                        false,
                        false,
                        Optional.empty(),
                        List.of());
        return PolicyBinding.of(policy, descriptor, "test;1.0");
    }

    /** A queue by sequence number that can be told to refuse to live on. */
    static class Watched implements SchedulingPolicy {
        final TreeMap<Long, PolicyNode> queue = new TreeMap<>();
        final List<PolicyNode> enqueued = new ArrayList<>();
        final List<EnqueueReason> reasons = new ArrayList<>();
        boolean retired;
        int callsWhenRetired;
        int failsAfter = Integer.MAX_VALUE;

        private void called() {
            if (retired) callsWhenRetired++;
            if (--failsAfter < 0) throw new IllegalStateException("as planned");
        }

        @Override
        public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
            called();
            node.state = this;
            enqueued.add(node);
            reasons.add(reason);
            queue.put(node.task().seq(), node);
        }

        @Override
        public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
            called();
            for (PolicyNode node : queue.values()) {
                if (startedOnly && !node.task().started()) continue;
                queue.remove(node.task().seq());
                return node;
            }
            return null;
        }

        @Override
        public int compare(PolicyNode a, PolicyNode b, long now) {
            called();
            return Long.compare(a.task().seq(), b.task().seq());
        }

        @Override
        public long quantum(PolicyNode node) {
            called();
            return 0;
        }

        @Override
        public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
            called();
            node.state = this;
        }

        @Override
        public boolean remove(PolicyNode node) {
            called();
            return queue.remove(node.task().seq()) != null;
        }

        @Override
        public void changed(PolicyNode node, Change change, long now) {
            called();
        }

        @Override
        public long nextDecisionAt(long now) {
            called();
            return Long.MAX_VALUE;
        }

        @Override
        public int size() {
            called();
            return queue.size();
        }
    }
}
