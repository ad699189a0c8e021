// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.spicetime.runtime.testkit.scheduling.Promise.require;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** What a policy with its own queue has to keep. Called by one thread at a time. */
final class FullPolicyChecks {
    private static final int MOST_WAITS = 10_000;
    private static final int SOME = 60;
    private static final int ROUNDS = 50;

    private final PolicyWorkshop workshop;

    FullPolicyChecks(PolicyWorkshop workshop) {
        this.workshop = workshop;
    }

    void whatIsQueuedIsPickedOnceAndSizeIsExact() {
        SchedulingPolicy policy = workshop.full();
        Set<PolicyNode> queued = enqueueAll(policy);
        requireSize(policy, queued.size());
        while (!queued.isEmpty()) {
            PolicyNode picked = pick(policy, false);
            require(
                    queued.remove(picked),
                    "pickNext answered %s, which is not queued (never was, or was picked before);"
                            + " the host ejects for that with INVALID_RESULT",
                    picked);
            requireSize(policy, queued.size());
            long slice = policy.quantum(picked);
            require(slice >= 0, "quantum answers %d for %s; 0 means no slice", slice, picked);
            policy.charge(picked, 10, 10, SliceEnd.FINISHED);
        }
        require(
                policy.pickNext(0, workshop.now, false) == null,
                "pickNext answers a task although nothing is queued");
    }

    void whatIsRemovedIsNotPicked() {
        SchedulingPolicy policy = workshop.full();
        Set<PolicyNode> queued = enqueueAll(policy);
        for (PolicyNode node : List.copyOf(queued)) {
            require(policy.remove(node), "remove does not know %s, which is queued", node);
            require(!policy.remove(node), "remove answers true for %s, removed before", node);
        }
        requireSize(policy, 0);
        require(
                policy.pickNext(0, workshop.now, false) == null,
                "pickNext answers a task although all were removed");
    }

    void whatIsRemovedAmongOthersLeavesThemQueued() {
        SchedulingPolicy policy = workshop.full();
        Set<PolicyNode> queued = enqueueAll(policy);
        for (PolicyNode node : List.copyOf(queued)) {
            if (workshop.random.nextBoolean()) continue;
            require(policy.remove(node), "remove does not know %s, which is queued", node);
            queued.remove(node);
        }
        requireSize(policy, queued.size());
        while (!queued.isEmpty()) {
            PolicyNode picked = pick(policy, false);
            require(queued.remove(picked), "pickNext answered %s, which is not queued", picked);
        }
    }

    void onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor() {
        SchedulingPolicy policy = workshop.full();
        Set<PolicyNode> queued = enqueueAll(policy);
        int started = 0;
        for (PolicyNode node : queued) if (node.task().started()) started++;
        for (int left = started; left > 0; left--) {
            PolicyNode picked = pick(policy, true);
            require(
                    picked.task().started(),
                    "pickNext(…, startedOnly = true) answered %s, which was not started: at its"
                            + " limit of started tasks the host can continue started ones only",
                    picked);
        }
        require(
                policy.pickNext(0, workshop.now, true) == null,
                "pickNext(…, startedOnly = true) answers a task although no started one is queued");
        requireSize(policy, queued.size() - started);
    }

    void compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued() {
        SchedulingPolicy policy = workshop.full();
        List<PolicyNode> nodes = workshop.nodes(SOME);
        for (PolicyNode node : nodes) policy.charge(node, 5, 5, SliceEnd.PREEMPTED);
        for (PolicyNode a : nodes) {
            require(
                    policy.compare(a, a, workshop.now) == 0,
                    "compare of %s with itself is not 0; equal never preempts",
                    a);
            for (PolicyNode b : nodes) {
                int ab = sign(policy, a, b);
                require(
                        sign(policy, b, a) == -ab,
                        "compare is not antisymmetric: of %s and %s each is the more urgent",
                        a,
                        b);
                for (PolicyNode c : nodes) {
                    require(
                            ab > 0 || sign(policy, b, c) > 0 || sign(policy, a, c) <= 0,
                            "compare is not transitive over %s, %s and %s",
                            a,
                            b,
                            c);
                }
            }
        }
    }

    void tasksThatWereNeverQueuedAreAccepted() {
        SchedulingPolicy policy = workshop.full();
        for (PolicyNode node : workshop.nodes(SOME)) {
            for (SliceEnd end : SliceEnd.values()) policy.charge(node, 1_000, 1_200, end);
            for (Change change : Change.values()) policy.changed(node, change, workshop.now);
            long slice = policy.quantum(node);
            require(slice >= 0, "quantum answers %d for %s, which was never queued", slice, node);
            require(!policy.remove(node), "remove answers true for %s, never queued", node);
        }
        requireSize(policy, 0);
        require(
                policy.pickNext(0, workshop.now, false) == null,
                "pickNext answers a task that ran under the former policy and was never queued");
    }

    void thePickIsTheMostUrgentByCompare() {
        if (workshop.descriptor.ordering() != Ordering.STRICT) return;
        SchedulingPolicy policy = workshop.full();
        Set<PolicyNode> queued = new LinkedHashSet<>(workshop.nodes(SOME));
        workshop.enqueue(policy, queued);
        for (int round = 0; !queued.isEmpty(); round++) {
            if (round % 3 == 0) changeOne(policy, queued);
            PolicyNode picked = pick(policy, false);
            queued.remove(picked);
            for (PolicyNode other : queued) {
                require(
                        policy.compare(picked, other, workshop.now) <= 0,
                        "pickNext answered %s, but by compare %s is the more urgent; the policy"
                                + " says that its order is STRICT",
                        picked,
                        other);
            }
            policy.charge(picked, 1_000, 1_000, SliceEnd.QUANTUM);
            workshop.now += 1_000;
            if (round < ROUNDS) {
                policy.enqueue(picked, EnqueueReason.EXPIRED, workshop.now);
                queued.add(picked);
            }
        }
    }

    private void changeOne(SchedulingPolicy policy, Set<PolicyNode> queued) {
        PolicyNode node = queued.iterator().next();
        ContractTask task = (ContractTask) node.task();
        task.priority = workshop.anyPriority();
        policy.changed(node, Change.PRIORITY, workshop.now);
        task.deadline = workshop.now + workshop.random.nextLong(1, 1_000_000_000L);
        policy.changed(node, Change.DEADLINE, workshop.now);
        task.estimated = workshop.random.nextLong(1_000_000);
        policy.changed(node, Change.ESTIMATE, workshop.now);
    }

    void anEqualNewcomerDoesNotPreempt() {
        for (ContractTask first : workshop.tasks().subList(0, SOME)) {
            SchedulingPolicy policy = workshop.full();
            PolicyNode running = first.node();
            policy.enqueue(running, EnqueueReason.NEW, workshop.now);
            pick(policy, false);
            PolicyNode arrived = first.twin(workshop.random).node();
            policy.enqueue(arrived, EnqueueReason.NEW, workshop.now);
            require(
                    policy.compare(arrived, running, workshop.now) >= 0,
                    "%s runs; one that is like it in everything arrives at the same instant, and"
                            + " compare calls it the more urgent; equal never preempts",
                    running);
        }
    }

    void theOrderHoldsUntilTheNextDecision() {
        SchedulingPolicy policy = workshop.full();
        List<PolicyNode> waiting = workshop.nodes(SOME);
        workshop.enqueue(policy, waiting);
        PolicyNode running = pick(policy, false);
        waiting.remove(running);
        for (int round = 0; round < ROUNDS; round++) {
            long now = workshop.now;
            long next = policy.nextDecisionAt(now);
            require(
                    next > now,
                    "nextDecisionAt(%d) answered %d, which is not in the future",
                    now,
                    next);
            int[] before = signs(policy, waiting, running, now);
            long until = next == Long.MAX_VALUE ? now + 1_000_000_000L : next - 1;
            int[] after = signs(policy, waiting, running, until);
            for (int i = 0; i < before.length; i++) {
                require(
                        before[i] < 0 || after[i] >= 0,
                        "%s became more urgent than the running %s between %d and %d without an"
                                + " event, but nextDecisionAt(%d) named %d",
                        waiting.get(i),
                        running,
                        now,
                        until,
                        now,
                        next);
            }
            if (next == Long.MAX_VALUE) return;
            workshop.now = next;
        }
    }

    private static int[] signs(
            SchedulingPolicy policy, List<PolicyNode> waiting, PolicyNode running, long now) {
        return waiting.stream()
                .mapToInt(node -> Integer.signum(policy.compare(node, running, now)))
                .toArray();
    }

    void twoInstancesOverTheSameTasksDoNotDisturbEachOther() {
        SchedulingPolicy first = workshop.full();
        SchedulingPolicy second = workshop.full();
        List<ContractTask> tasks = workshop.tasks();
        for (ContractTask task : tasks) {
            first.enqueue(task.node(), EnqueueReason.NEW, workshop.now);
            second.enqueue(task.node(), EnqueueReason.MIGRATED, workshop.now);
        }
        for (int i = 0; i < tasks.size() / 2; i++) pick(first, false);
        require(
                second.size() == tasks.size(),
                "picks from one instance changed the size of another; keep state in the instance"
                        + " and its nodes only");
    }

    private PolicyNode pick(SchedulingPolicy policy, boolean startedOnly) {
        for (int waits = 0; waits < MOST_WAITS; waits++) {
            PolicyNode picked = policy.pickNext(0, workshop.now, startedOnly);
            if (picked != null) return picked;
            workshop.now = honestWait(policy, workshop.now);
        }
        throw new AssertionError(
                "pickNext answered null " + MOST_WAITS + " times in a row while tasks are queued");
    }

    private static long honestWait(SchedulingPolicy policy, long now) {
        long next = policy.nextDecisionAt(now);
        require(
                next != Long.MAX_VALUE,
                "pickNext answered null while tasks are queued, and nextDecisionAt says that time"
                        + " will not change that; the host ejects for that with LOST");
        require(
                next > now,
                "pickNext answered null and nextDecisionAt(%d) answered %d, which is not in the"
                        + " future",
                now,
                next);
        return next;
    }

    private int sign(SchedulingPolicy policy, PolicyNode a, PolicyNode b) {
        return Integer.signum(policy.compare(a, b, workshop.now));
    }

    private static void requireSize(SchedulingPolicy policy, int queued) {
        require(
                policy.size() == queued,
                "size answers %d while %d tasks are queued",
                policy.size(),
                queued);
    }

    private Set<PolicyNode> enqueueAll(SchedulingPolicy policy) {
        Set<PolicyNode> queued = new LinkedHashSet<>();
        for (ContractTask task : workshop.tasks()) queued.add(task.node());
        workshop.enqueue(policy, queued);
        return queued;
    }
}
