// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.guard.CallMeter;

/**
 * Where the policy in charge sits. Holds the queued tasks, asks the policy for their order, and
 * puts {@link SafeFifo} in its place as soon as it breaks its contract; so every call succeeds and
 * no task is ever lost. Guarded by the caller.
 */
public final class PolicySeat {
    /** Tasks that go over to a new policy in one step. */
    private static final int STEP = 256;

    /** Tasks that go over before each pick, so that dispatch and the change get on together. */
    private static final int SMALL_STEP = 32;

    /** Between two steps, so that others come in between; nanoseconds. */
    private static final long STEP_PAUSE = 100_000;

    private final GroundTruth truth = new GroundTruth();
    private final Backlog backlog = new Backlog(truth);
    private final ArrayDeque<NodeList> formerNodes = new ArrayDeque<>();
    private final PassedOver passedOver = new PassedOver();
    private final Decisions decisions = new Decisions();
    private final PolicyGuard guard;
    private final Consumer<PolicyEjection> ejections;

    private QueuePolicy queuePolicy;
    private PolicyBinding active = SafeFifo.BINDING;
    private long generation = 1;
    private ReadyQueue queue;
    private long nextStep = Long.MAX_VALUE;
    private long lastSeq;

    /** Empty, under the fallback, watched over by nobody. */
    public PolicySeat(QueuePolicy queuePolicy, Consumer<PolicyEjection> ejections) {
        this(queuePolicy, ejections, CallMeter.NONE);
    }

    /**
     * Empty, under the fallback.
     *
     * @param queuePolicy order among tasks the policy ranks equal
     * @param ejections is told of every ejection
     * @param meter watches over the calls into policies
     */
    public PolicySeat(
            QueuePolicy queuePolicy, Consumer<PolicyEjection> ejections, CallMeter meter) {
        this.queuePolicy = queuePolicy;
        this.guard = new PolicyGuard(meter);
        backlog.begin(generation, null);
        this.ejections = ejections;
        this.queue = queueOf(active);
    }

    /** The next number in the order of release. */
    public long nextSeq() {
        return ++lastSeq;
    }

    /** The last number in the order of release. */
    public long lastSeq() {
        return lastSeq;
    }

    /** The key of the policy in charge for this view; 0 if it does more than rank. */
    public long rank(TaskView task, long now) {
        if (active.policy() instanceof KeyedPolicy keyed) {
            try {
                return guard.key(keyed, task);
            } catch (PolicyFault fault) {
                eject(fault, now);
            }
        }
        return 0;
    }

    /** Queues a task that is not queued. */
    public void enqueue(Schedulable task, EnqueueReason reason, long now) {
        truth.add(task);
        task.generation = generation;
        passedOver.given(task, truth.size());
        decisions.arrival();
        turn(task, reason);
        try {
            queue.enqueue(task, reason, now);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** Takes out the task that runs next; null: none may run now. */
    public @Nullable Schedulable pick(int slot, long now, boolean startedOnly) {
        if (backlog.size() > 0) step(SMALL_STEP, now);
        while ((startedOnly ? truth.started() : truth.size()) > 0) {
            if (backlog.given(startedOnly) == 0) {
                step(STEP, now);
                continue;
            }
            try {
                if (!startedOnly) checkStarvation();
                Schedulable task = queue.pick(slot, now, startedOnly);
                if (task == null) {
                    decisions.pickAt(queue.nextDecisionAt(now), now, backlog.given());
                    if (backlog.size() > 0) decisions.pickBy(now + STEP_PAUSE);
                    return null;
                }
                int left = queue.size();
                if (left != backlog.given() - 1)
                    throw lost("size answered " + left, backlog.given() - 1);
                takeOut(task);
                decisions.event();
                if (!startedOnly) passedOver.picked(truth.size()); // else the host ruled some out
                return task;
            } catch (PolicyFault fault) {
                eject(fault, now);
            }
        }
        return null;
    }

    /** Calls into the policy are watched over as one until {@link #endPass}. */
    public void beginPass() {
        guard.beginPass();
    }

    /** Ends what {@link #beginPass} began. */
    public void endPass(long now) {
        try {
            guard.endPass();
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /**
     * The task that runs next, if that is known without the policy and may change only by a call of
     * this class; null: there is none, or it is not known.
     */
    public @Nullable Schedulable first() {
        return backlog.size() == 0 && queue instanceof KeyedQueue keyed ? keyed.first() : null;
    }

    /** Whether the policy in charge only ranks, so that it keeps nothing of what is picked. */
    public boolean ranks() {
        return queue instanceof KeyedQueue;
    }

    /** Takes out a task that shall not run now. */
    public void remove(Schedulable task, long now) {
        boolean given = !backlog.contains(task);
        takeOut(task);
        decisions.event();
        if (!given) return;
        try {
            queue.remove(task);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** A value of the task's view is another one now. */
    public void changed(Schedulable task, Change change, long now) {
        decisions.arrival();
        if (backlog.contains(task)) return; // the policy is shown the new value later
        try {
            queue.changed(task, change, now);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /** Accounts for a slice that ended. */
    public void charge(Schedulable task, long cpuNanos, long wallNanos, SliceEnd end, long now) {
        decisions.event();
        try {
            queue.charge(task, cpuNanos, wallNanos, end);
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
        if (end == SliceEnd.FINISHED) forget(task);
    }

    /** Drops what policies keep with a task that has ended. */
    public void forget(Schedulable task) {
        HostNode node = task.node;
        if (node != null) node.list.drop(node);
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
     * Puts a policy in charge; the former one is never called again. What is queued goes over in
     * steps, the first of them now, the others by {@link #takeOver} and by picks: the most urgent
     * tasks first where the host knows them, else the oldest.
     */
    public void use(PolicyBinding binding, long now) {
        install(binding, backlog.size() == 0 ? queue.byKey() : null, now);
        step(STEP, now);
    }

    /**
     * Does the next step of a change of policy if it is due.
     *
     * @return whether more is to be done, then at {@link #nextDecision}
     */
    public boolean takeOver(long now) {
        if (nextStep <= now) {
            dropFormerNodes(STEP);
            step(STEP, now);
        }
        return nextStep != Long.MAX_VALUE;
    }

    /** Whether queued tasks or data of a former policy are still to go. */
    public boolean changing() {
        return backlog.size() > 0 || !formerNodes.isEmpty();
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

    /** Number of queued tasks. */
    public int size() {
        return truth.size();
    }

    /**
     * Asks the policy, if anything happened since it was asked last, when its order changes
     * although nothing happens: for tasks that run while others wait.
     */
    public void foresee(long now) {
        if (!decisions.outdated()) return;
        decisions.orderAt(Long.MAX_VALUE);
        if (truth.size() == 0) return;
        try {
            decisions.orderAt(queue.nextDecisionAt(now));
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    /**
     * When a policy that named no task wants to be asked again, its order changes, or the next step
     * of a change of policy is due; {@link Long#MAX_VALUE}: after the next event.
     */
    public long nextDecision() {
        return Math.min(decisions.next(), nextStep);
    }

    /** Whether the policy wants to be asked again by now; told once. */
    public boolean decisionDue(long now) {
        return decisions.due(now);
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
            if (!holdsWhatItWasGiven())
                throw lost("an audit found " + queue.size() + " tasks", backlog.given());
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
        return truth.first(filter, limit, queue.displayOrder());
    }

    /** Copies of the oldest queued tasks, for a trial. */
    public List<TaskView> sample() {
        return truth.sample();
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

    private void install(PolicyBinding binding, @Nullable KeyOrder byKey, long now) {
        NodeList nodes = queue.nodes();
        if (nodes != null) formerNodes.add(nodes);
        generation++;
        active = binding;
        queue = queueOf(binding);
        guard.renew(!onFallback());
        backlog.begin(generation, byKey);
        passedOver.renew(truth.size());
        decisions.arrival();
        nextStep = changing() ? now + STEP_PAUSE : Long.MAX_VALUE;
    }

    /* An ejection in the midst begins anew, with the fallback. */
    private void step(int most, long now) {
        try {
            for (int i = 0; i < most && backlog.size() > 0; i++) {
                Schedulable task = backlog.take();
                if (task == null) break;
                passedOver.given(task, truth.size());
                queue.enqueue(task, EnqueueReason.MIGRATED, now);
                if (backlog.size() == 0 && !holdsWhatItWasGiven())
                    throw lost("after taking over it holds " + queue.size(), truth.size());
            }
            nextStep = changing() ? now + STEP_PAUSE : Long.MAX_VALUE;
        } catch (PolicyFault fault) {
            eject(fault, now);
        }
    }

    private void dropFormerNodes(int most) {
        NodeList nodes = formerNodes.peek();
        if (nodes != null && !nodes.dropSome(most)) formerNodes.remove();
    }

    private static PolicyFault lost(String seen, int queued) {
        return new PolicyFault(
                EjectionReason.LOST, seen + " while " + queued + " tasks are queued");
    }

    private boolean holdsWhatItWasGiven() throws PolicyFault {
        return queue.holds(backlog.given(), backlog.givenXor());
    }

    private void takeOut(Schedulable task) {
        backlog.leaves(task);
        truth.remove(task);
    }

    private void eject(PolicyFault fault, long now) {
        PolicyBinding ejected = active;
        if (onFallback())
            throw new IllegalStateException(
                    "the fallback policy is at fault: " + fault.sentence, fault);
        Map<String, Object> report = new LinkedHashMap<>(fault.report());
        report.put("generation", generation);
        report.put("notTakenOver", backlog.size());
        guard.describe(report);
        truth.describe(report);
        install(SafeFifo.BINDING, null, now);
        step(STEP, now);
        ejections.accept(new PolicyEjection(ejected, fault.reason, fault.sentence, report));
    }

    private void checkStarvation() throws PolicyFault {
        StarvationBound bound = active.descriptor().starvationBound().orElse(null);
        if (bound != null && backlog.size() == 0) passedOver.check(bound, truth.oldest());
    }
}
