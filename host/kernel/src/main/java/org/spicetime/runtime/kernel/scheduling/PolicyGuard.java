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
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.guard.CallFault;
import org.spicetime.runtime.kernel.guard.CallMeter;

/**
 * The only way into a policy. Counts and logs the calls, and turns whatever is thrown into a {@link
 * PolicyFault}; so are errors of the virtual machine, which a policy can provoke at will (endless
 * recursion, an array too large). A meter watches over the calls and may find fault with one that
 * answered. Guarded by the caller.
 */
final class PolicyGuard {
    private static final long NO_TASK = -1;

    private final DecisionLog log = new DecisionLog();
    private final CallMeter meter;
    private boolean metered;
    private boolean pass;
    private long callsBeforePass;
    private long calls;

    PolicyGuard(CallMeter meter) {
        this.meter = meter;
    }

    /** Another policy is in charge; the fallback is the host's own code and not metered. */
    void renew(boolean foreign) {
        if (pass) {
            // Who is at fault for what happened in it is known already.
            pass = false;
            meter.leave(calls - callsBeforePass);
        }
        metered = foreign;
        log.clear();
        meter.renewed();
    }

    /** The calls until {@link #endPass} are metered as one. */
    void beginPass() {
        if (!metered || pass) return;
        pass = true;
        callsBeforePass = calls;
        meter.enter("pass", 0);
    }

    /** Finds the policy at fault for all calls of the pass together. */
    void endPass() throws PolicyFault {
        if (!pass) return;
        pass = false;
        CallFault fault = meter.leave(calls - callsBeforePass);
        if (fault != null) throw PolicyFault.metered(fault, null);
    }

    /** Adds what the policy was asked to a report. */
    void describe(Map<String, Object> report) {
        report.put("calls", calls);
        report.put("lastCalls", log.texts());
    }

    long key(KeyedPolicy policy, TaskView task) throws PolicyFault {
        called("key", task.seq());
        long answer;
        try {
            answer = policy.key(task);
        } catch (Throwable thrown) {
            throw failed("key", thrown);
        }
        ended();
        return answer;
    }

    long quantum(KeyedPolicy policy, Schedulable task) throws PolicyFault {
        called("quantum", task.seq());
        long nanos;
        try {
            nanos = policy.quantum(task);
        } catch (Throwable thrown) {
            throw failed("quantum", thrown);
        }
        ended();
        return notNegative(nanos);
    }

    void enqueue(SchedulingPolicy policy, HostNode node, EnqueueReason reason, long now)
            throws PolicyFault {
        called("enqueue", node.task.seq());
        try {
            policy.enqueue(node, reason, now);
        } catch (Throwable thrown) {
            throw failed("enqueue", thrown);
        }
        ended();
    }

    @Nullable PolicyNode pickNext(SchedulingPolicy policy, int slot, long now, boolean startedOnly)
            throws PolicyFault {
        called("pickNext", NO_TASK);
        @Nullable PolicyNode answer;
        try {
            answer = policy.pickNext(slot, now, startedOnly);
        } catch (Throwable thrown) {
            throw failed("pickNext", thrown);
        }
        ended();
        return answer;
    }

    int compare(SchedulingPolicy policy, HostNode left, HostNode right, long now)
            throws PolicyFault {
        called("compare", left.task.seq());
        int answer;
        try {
            answer = policy.compare(left, right, now);
        } catch (Throwable thrown) {
            throw failed("compare", thrown);
        }
        ended();
        return answer;
    }

    long quantum(SchedulingPolicy policy, HostNode node) throws PolicyFault {
        called("quantum", node.task.seq());
        long nanos;
        try {
            nanos = policy.quantum(node);
        } catch (Throwable thrown) {
            throw failed("quantum", thrown);
        }
        ended();
        return notNegative(nanos);
    }

    void charge(SchedulingPolicy policy, HostNode node, long cpuNanos, long wallNanos, SliceEnd end)
            throws PolicyFault {
        called("charge", node.task.seq());
        try {
            policy.charge(node, cpuNanos, wallNanos, end);
        } catch (Throwable thrown) {
            throw failed("charge", thrown);
        }
        ended();
    }

    boolean remove(SchedulingPolicy policy, HostNode node) throws PolicyFault {
        called("remove", node.task.seq());
        boolean answer;
        try {
            answer = policy.remove(node);
        } catch (Throwable thrown) {
            throw failed("remove", thrown);
        }
        ended();
        return answer;
    }

    void changed(SchedulingPolicy policy, HostNode node, Change change, long now)
            throws PolicyFault {
        called("changed", node.task.seq());
        try {
            policy.changed(node, change, now);
        } catch (Throwable thrown) {
            throw failed("changed", thrown);
        }
        ended();
    }

    long nextDecisionAt(SchedulingPolicy policy, long now) throws PolicyFault {
        called("nextDecisionAt", NO_TASK);
        long answer;
        try {
            answer = policy.nextDecisionAt(now);
        } catch (Throwable thrown) {
            throw failed("nextDecisionAt", thrown);
        }
        ended();
        return answer;
    }

    int size(SchedulingPolicy policy) throws PolicyFault {
        calls++;
        enter("size");
        int answer;
        try {
            answer = policy.size();
        } catch (Throwable thrown) {
            throw failed("size", thrown);
        }
        ended();
        return answer;
    }

    Map<String, Object> describe(SchedulingPolicy policy) throws PolicyFault {
        called("describe", NO_TASK);
        Map<String, Object> answer;
        try {
            answer = Map.copyOf(policy.describe());
        } catch (Throwable thrown) {
            throw failed("describe", thrown);
        }
        ended();
        return answer;
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
        enter(call);
    }

    private void enter(String call) {
        if (pass) meter.at(call);
        else if (metered) meter.enter(call, 0);
    }

    private void ended() throws PolicyFault {
        if (pass) return;
        CallFault fault = metered ? meter.leave() : null;
        if (fault != null) throw PolicyFault.metered(fault, null);
    }

    private PolicyFault failed(String call, Throwable thrown) {
        CallFault fault = null;
        if (pass) {
            pass = false;
            fault = meter.leave(calls - callsBeforePass);
        } else if (metered) {
            fault = meter.leave();
        }
        return fault == null
                ? PolicyFault.thrown(call, thrown)
                : PolicyFault.metered(fault, thrown);
    }
}
