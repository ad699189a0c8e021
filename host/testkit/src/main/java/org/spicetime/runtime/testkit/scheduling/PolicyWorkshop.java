// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;

/**
 * Makes instances of the policy under test, and tasks for them, on a clock that passes only when
 * told to. Called by one thread at a time.
 */
final class PolicyWorkshop {
    private static final int TASKS = 1_000;

    final PolicyDescriptor descriptor;
    final SplittableRandom random;
    long now = TASKS;
    private final Function<PolicyContext, Policy> maker;
    private final PolicyContext context;
    private final long seed;

    PolicyWorkshop(
            PolicyDescriptor descriptor,
            Function<PolicyContext, Policy> maker,
            PolicyContext context,
            long seed) {
        this.descriptor = descriptor;
        this.maker = maker;
        this.context = context;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Another instance, alike in everything. */
    Policy create() {
        return maker.apply(new ClockedContext(context, () -> now, new SplittableRandom(seed)));
    }

    SchedulingPolicy full() {
        return (SchedulingPolicy) create();
    }

    /** Tasks of all kinds, numbered from 0; always the same. */
    List<ContractTask> tasks() {
        SplittableRandom values = new SplittableRandom(seed);
        List<ContractTask> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) tasks.add(ContractTask.any(i, values, context));
        return tasks;
    }

    /** Nodes of the first so many tasks. */
    List<PolicyNode> nodes(int count) {
        return new ArrayList<>(tasks().stream().limit(count).map(ContractTask::node).toList());
    }

    int anyPriority() {
        return random.nextInt(context.minPriority(), context.maxPriority() + 1);
    }

    void enqueue(SchedulingPolicy policy, Iterable<PolicyNode> nodes) {
        for (PolicyNode node : nodes) policy.enqueue(node, EnqueueReason.NEW, now);
    }
}
