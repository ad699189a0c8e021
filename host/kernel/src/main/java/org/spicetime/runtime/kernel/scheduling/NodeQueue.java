// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** The queue inside a policy that keeps its own. Believes it nothing. Guarded by the caller. */
final class NodeQueue implements ReadyQueue {
    private static final Comparator<Schedulable> BY_PRIORITY =
            Comparator.comparingInt((Schedulable task) -> -task.priority())
                    .thenComparingLong(Schedulable::seq);

    private final SchedulingPolicy policy;
    private final PolicyGuard guard;
    private final long generation;
    private final NodeList nodes = new NodeList();

    NodeQueue(SchedulingPolicy policy, PolicyGuard guard, long generation) {
        this.policy = policy;
        this.guard = guard;
        this.generation = generation;
    }

    @Override
    public void enqueue(Schedulable task, EnqueueReason reason, long now) throws PolicyFault {
        guard.enqueue(policy, nodeOf(task), reason, now);
    }

    @Override
    public @Nullable Schedulable pick(int slot, long now, boolean startedOnly) throws PolicyFault {
        PolicyNode picked = guard.pickNext(policy, slot, now, startedOnly);
        if (picked == null) return null;
        if (!(picked instanceof HostNode node)) throw invalid("a node that the host did not make");
        if (node.list != nodes || node.task.node != node)
            throw invalid("a node of another policy instance");
        Schedulable task = node.task;
        if (task.queued && task.generation != generation)
            throw invalid("task " + task.seq() + ", which it was not given yet");
        if (!task.queued) throw invalid("task " + task.seq() + ", which is not queued");
        if (startedOnly && !task.started())
            throw invalid(
                    "task "
                            + task.seq()
                            + ", which was not started, although only started ones were asked for");
        return task;
    }

    @Override
    public void remove(Schedulable task) throws PolicyFault {
        if (!guard.remove(policy, nodeOf(task)))
            throw new PolicyFault(
                    EjectionReason.LOST,
                    "remove does not know task " + task.seq() + ", which is queued");
    }

    @Override
    public void changed(Schedulable task, Change change, long now) throws PolicyFault {
        HostNode node = task.node;
        if (node != null && node.list == nodes) guard.changed(policy, node, change, now);
    }

    @Override
    public void charge(Schedulable task, long cpuNanos, long wallNanos, SliceEnd end)
            throws PolicyFault {
        HostNode node = nodeOf(task);
        guard.charge(policy, node, cpuNanos, wallNanos, end);
    }

    @Override
    public long quantum(Schedulable task) throws PolicyFault {
        return guard.quantum(policy, nodeOf(task));
    }

    @Override
    public int compare(Schedulable left, Schedulable right, long now) throws PolicyFault {
        return guard.compare(policy, nodeOf(left), nodeOf(right), now);
    }

    @Override
    public long nextDecisionAt(long now) throws PolicyFault {
        return guard.nextDecisionAt(policy, now);
    }

    @Override
    public int size() throws PolicyFault {
        return guard.size(policy);
    }

    @Override
    public boolean holds(int count, long seqXor) throws PolicyFault {
        return guard.size(policy) == count;
    }

    @Override
    public Map<String, Object> describe() throws PolicyFault {
        return guard.describe(policy);
    }

    @Override
    public @Nullable KeyOrder byKey() {
        return null;
    }

    @Override
    public NodeList nodes() {
        return nodes;
    }

    @Override
    public Comparator<Schedulable> displayOrder() {
        return BY_PRIORITY;
    }

    private HostNode nodeOf(Schedulable task) {
        HostNode node = task.node;
        if (node == null || node.list != nodes) {
            node = new HostNode(task, nodes);
            task.node = node;
        }
        return node;
    }

    private static PolicyFault invalid(String answer) {
        return new PolicyFault(EjectionReason.INVALID_RESULT, "pickNext answered " + answer);
    }
}
