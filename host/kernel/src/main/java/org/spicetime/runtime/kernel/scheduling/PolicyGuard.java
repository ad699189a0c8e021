// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * The only way into a policy. Counts and logs the calls, and turns whatever is thrown into a {@link
 * PolicyFault}; so are errors of the virtual machine, which a policy can provoke at will (endless
 * recursion, an array too large). Guarded by the caller.
 */
final class PolicyGuard {
    private static final long NO_TASK = -1;

    private final DecisionLog log = new DecisionLog();
    private long calls;

    long calls() {
        return calls;
    }

    DecisionLog log() {
        return log;
    }

    long key(KeyedPolicy policy, Schedulable task) throws PolicyFault {
        called("key", task.seq());
        try {
            return policy.key(task);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("key", thrown);
        }
    }

    long quantum(KeyedPolicy policy, Schedulable task) throws PolicyFault {
        called("quantum", task.seq());
        long nanos;
        try {
            nanos = policy.quantum(task);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("quantum", thrown);
        }
        return notNegative(nanos);
    }

    void enqueue(SchedulingPolicy policy, HostNode node, EnqueueReason reason, long now)
            throws PolicyFault {
        called("enqueue", node.task.seq());
        try {
            policy.enqueue(node, reason, now);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("enqueue", thrown);
        }
    }

    @Nullable PolicyNode pickNext(SchedulingPolicy policy, int slot, long now, boolean startedOnly)
            throws PolicyFault {
        called("pickNext", NO_TASK);
        try {
            return policy.pickNext(slot, now, startedOnly);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("pickNext", thrown);
        }
    }

    int compare(SchedulingPolicy policy, HostNode left, HostNode right, long now)
            throws PolicyFault {
        called("compare", left.task.seq());
        try {
            return policy.compare(left, right, now);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("compare", thrown);
        }
    }

    long quantum(SchedulingPolicy policy, HostNode node) throws PolicyFault {
        called("quantum", node.task.seq());
        long nanos;
        try {
            nanos = policy.quantum(node);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("quantum", thrown);
        }
        return notNegative(nanos);
    }

    void charge(SchedulingPolicy policy, HostNode node, long cpuNanos, long wallNanos, SliceEnd end)
            throws PolicyFault {
        called("charge", node.task.seq());
        try {
            policy.charge(node, cpuNanos, wallNanos, end);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("charge", thrown);
        }
    }

    boolean remove(SchedulingPolicy policy, HostNode node) throws PolicyFault {
        called("remove", node.task.seq());
        try {
            return policy.remove(node);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("remove", thrown);
        }
    }

    void changed(SchedulingPolicy policy, HostNode node, Change change, long now)
            throws PolicyFault {
        called("changed", node.task.seq());
        try {
            policy.changed(node, change, now);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("changed", thrown);
        }
    }

    long nextDecisionAt(SchedulingPolicy policy, long now) throws PolicyFault {
        called("nextDecisionAt", NO_TASK);
        try {
            return policy.nextDecisionAt(now);
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("nextDecisionAt", thrown);
        }
    }

    int size(SchedulingPolicy policy) throws PolicyFault {
        calls++;
        try {
            return policy.size();
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("size", thrown);
        }
    }

    Map<String, Object> describe(SchedulingPolicy policy) throws PolicyFault {
        called("describe", NO_TASK);
        try {
            return Map.copyOf(policy.describe());
        } catch (Throwable thrown) {
            throw PolicyFault.thrown("describe", thrown);
        }
    }

    private static long notNegative(long quantum) throws PolicyFault {
        if (quantum < 0)
            throw new PolicyFault(
                    EjectionReason.INVALID_RESULT,
                    "quantum answered " + quantum + " ns, less than 0");
        return quantum;
    }

    private void called(String call, long seq) {
        calls++;
        log.add(call, seq);
    }
}
