// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.StarvationBound;

/**
 * Where the policy in charge sits. Holds the queued tasks, asks the policy for their order, and
 * puts {@link SafeFifo} in its place as soon as it breaks its contract; so every call succeeds and
 * no task is ever lost. Guarded by the caller.
 */
public final class PolicySeat {
    private final GroundTruth truth = new GroundTruth();
    private final PolicyGuard guard = new PolicyGuard();
    private final Consumer<PolicyEjection> ejections;

    private QueuePolicy queuePolicy;
    private PolicyBinding active = SafeFifo.BINDING;
    private long generation = 1;
    private ReadyQueue queue;
    private long nextDecision = Long.MAX_VALUE;
    private long lastSeq;
    private long picks;
    private int longest;

    /**
     * Empty, under the fallback.
     *
     * @param queuePolicy order among tasks the policy ranks equal
     * @param ejections is told of every ejection
     */
    public PolicySeat(QueuePolicy queuePolicy, Consumer<PolicyEjection> ejections) {
        this.queuePolicy = queuePolicy;
        this.ejections = ejections;
        this.queue = queueOf(active);
    }

    /** The next number in the order of release. */
    public long nextSeq() {
        return ++lastSeq;
    }

    /** Queues a task that is not queued. */
    public void enqueue(Schedulable task, EnqueueReason reason, long now) {
        truth.add(task);
        task.picksWhenQueued = picks;
        longest = Math.max(longest, truth.size());
        nextDecision = Long.MAX_VALUE;
        turn(task, reason);
        try {
            queue.enqueue(task, reason, now);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** Takes out the task that runs next; null: none may run now. */
    public @Nullable Schedulable pick(int slot, long now, boolean startedOnly) {
        while ((startedOnly ? truth.started() : truth.size()) > 0) {
            try {
                if (!startedOnly) checkStarvation();
                Schedulable task = queue.pick(slot, now, startedOnly);
                if (task == null) {
                    nextDecision = honestNextDecision(now);
                    return null;
                }
                int left = queue.size();
                if (left != truth.size() - 1)
                    throw new PolicyFault(
                            EjectionReason.LOST,
                            "size answered "
                                    + left
                                    + " while "
                                    + (truth.size() - 1)
                                    + " tasks are queued");
                truth.remove(task);
                if (!startedOnly) picks++; // what the host itself rules out is not passed over
                if (truth.size() == 0) longest = 0;
                return task;
            } catch (PolicyFault fault) {
                eject(fault, now);
            }
        }
        return null;
    }

    /** Takes out a task that shall not run now. */
    public void remove(Schedulable task, long now) {
        truth.remove(task);
        try {
            queue.remove(task);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** A value of the task's view is another one now. */
    public void changed(Schedulable task, Change change, long now) {
        nextDecision = Long.MAX_VALUE;
        try {
            queue.changed(task, change, now);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** Accounts for a slice that ended. */
    public void charge(Schedulable task, long cpuNanos, long wallNanos, SliceEnd end, long now) {
        try {
            queue.charge(task, cpuNanos, wallNanos, end);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
        if (end == SliceEnd.FINISHED) forget(task);
    }

    /** Drops what policies keep with a task that has ended. */
    public void forget(Schedulable task) {
        task.node = null;
    }

    /** Drops what former policies keep with a task, so that their classes can be unloaded. */
    public void forgetFormer(Schedulable task) {
        HostNode node = task.node;
        if (node != null && node.generation != generation) task.node = null;
    }

    /** Length of the slice of a task just picked; 0: until it blocks or ends. */
    public long quantum(Schedulable task, long now) {
        try {
            return queue.quantum(task);
        } catch (PolicyFault fault) {
            eject(fault, now);
            return 0;
        }
    }

    /** Whether the first task is strictly more urgent than the second. */
    public boolean moreUrgent(Schedulable left, Schedulable right, long now) {
        try {
            return queue.compare(left, right, now) < 0;
        } catch (PolicyFault fault) {
            eject(fault, now);
            return false;
        }
    }

    /**
     * Puts a policy in charge; the former one is never called again. The most urgent tasks go over
     * first where the host knows them, else the oldest.
     */
    public void use(PolicyBinding binding, long now) {
        Schedulable[] order = queue.mostUrgentFirst(truth);
        install(binding);
        migrate(order, now);
    }

    /** Orders equals by this rule from now on, and asks a keyed policy for all its keys again. */
    public void reorder(QueuePolicy ties, long now) {
        queuePolicy = ties;
        if (active.policy() instanceof KeyedPolicy) use(active, now);
    }

    /** Ejects the policy in charge; nothing happens under the fallback. */
    public void fallBack(EjectionReason reason, String message, long now) {
        if (!onFallback()) eject(new PolicyFault(reason, message), now);
    }

    /** The policy in charge. */
    public PolicyBinding active() {
        return active;
    }

    /** Counts the policies that were in charge. */
    public long generation() {
        return generation;
    }

    /** Counts the calls into policies. */
    public long calls() {
        return guard.calls();
    }

    /** Number of queued tasks. */
    public int size() {
        return truth.size();
    }

    /**
     * When a policy that named no task wants to be asked again; {@link Long#MAX_VALUE}: after the
     * next event.
     */
    public long nextDecision() {
        return nextDecision;
    }

    /** Whether the policy wants to be asked again by now; told once. */
    public boolean decisionDue(long now) {
        if (nextDecision > now) return false;
        nextDecision = Long.MAX_VALUE;
        return true;
    }

    /** What the policy tells of itself. */
    public Map<String, Object> describe(long now) {
        try {
            return queue.describe();
        } catch (PolicyFault fault) {
            eject(fault, now);
            return Map.of();
        }
    }

    /** Ejects the policy if it does not hold exactly the tasks that are queued. */
    public void audit(long now) {
        if (!truth.conserved())
            throw new IllegalStateException("the list of queued tasks is damaged");
        try {
            if (!queue.holds(truth))
                throw new PolicyFault(
                        EjectionReason.LOST,
                        "an audit found "
                                + queue.size()
                                + " tasks while "
                                + truth.size()
                                + " are queued");
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** The order in which the policy in charge would have the queued tasks now. */
    public Comparator<Schedulable> displayOrder() {
        return queue.displayOrder();
    }

    /**
     * The first queued tasks that match, in the order of the policy where the host knows it, else
     * by priority.
     */
    public List<Schedulable> queued(Predicate<Schedulable> filter, int limit) {
        Comparator<Schedulable> order = queue.displayOrder();
        PriorityQueue<Schedulable> first = new PriorityQueue<>(order.reversed());
        truth.forEach(task -> {
            if (!filter.test(task)) return;
            first.add(task);
            if (first.size() > limit) first.remove();
        });
        List<Schedulable> sorted = new ArrayList<>(first);
        sorted.sort(order);
        return sorted;
    }

    /** Among equals a preempted task stays first and one that had its turn goes last. */
    private void turn(Schedulable task, EnqueueReason reason) {
        task.beforeEquals = reason == EnqueueReason.PREEMPTED;
        task.behindEquals = reason == EnqueueReason.EXPIRED || reason == EnqueueReason.YIELDED;
        switch (reason) {
            case NEW, WOKEN -> task.turn = task.seq();
            case EXPIRED, YIELDED -> task.turn = nextSeq();
            case PREEMPTED, MIGRATED -> {}
        }
    }

    private ReadyQueue queueOf(PolicyBinding binding) {
        return switch (binding.policy()) {
            case KeyedPolicy keyed -> new KeyedQueue(keyed, guard, new TieKeys(queuePolicy));
            case SchedulingPolicy full -> new NodeQueue(full, guard, generation);
        };
    }

    private boolean onFallback() {
        return SafeFifo.BINDING.policy().equals(active.policy());
    }

    private void install(PolicyBinding binding) {
        generation++;
        active = binding;
        queue = queueOf(binding);
        guard.log().clear();
        longest = truth.size();
        nextDecision = Long.MAX_VALUE;
    }

    private void migrate(Schedulable[] order, long now) {
        try {
            for (Schedulable task : order) {
                task.picksWhenQueued = picks;
                forget(task);
                queue.enqueue(task, EnqueueReason.MIGRATED, now);
            }
            if (!queue.holds(truth))
                throw new PolicyFault(
                        EjectionReason.LOST,
                        "took over "
                                + truth.size()
                                + " tasks and holds "
                                + queue.size()
                                + " of them");
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    private void eject(PolicyFault fault, long now) {
        PolicyBinding ejected = active;
        if (onFallback())
            throw new IllegalStateException(
                    "the fallback policy is at fault: " + fault.sentence, fault);
        Map<String, Object> report = new LinkedHashMap<>(fault.report());
        report.put("generation", generation);
        report.put("queued", truth.size());
        report.put("calls", guard.calls());
        report.put("lastCalls", guard.log().texts());
        install(SafeFifo.BINDING);
        migrate(truth.oldestFirst(), now);
        ejections.accept(new PolicyEjection(ejected, fault.reason, fault.sentence, report));
    }

    private void checkStarvation() throws PolicyFault {
        StarvationBound bound = active.descriptor().starvationBound().orElse(null);
        Schedulable oldest = truth.oldest();
        if (bound == null || oldest == null) return;
        long passedOver = picks - oldest.picksWhenQueued;
        if (passedOver > bound.picks(longest))
            throw new PolicyFault(
                    EjectionReason.STARVATION,
                    "task "
                            + oldest.seq()
                            + " was passed over "
                            + passedOver
                            + " times; the policy promises at most "
                            + bound.picks(longest));
    }

    private long honestNextDecision(long now) throws PolicyFault {
        long next = queue.nextDecisionAt(now);
        if (next == Long.MAX_VALUE)
            throw new PolicyFault(
                    EjectionReason.LOST,
                    "pickNext answered null for ever while " + truth.size() + " tasks are queued");
        if (next <= now)
            throw new PolicyFault(
                    EjectionReason.INVALID_RESULT,
                    "pickNext answered null and nextDecisionAt "
                            + next
                            + ", which is not after "
                            + now);
        return next;
    }
}
