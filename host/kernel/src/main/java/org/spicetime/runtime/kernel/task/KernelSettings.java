// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.List;
import java.util.Objects;
import org.spicetime.runtime.api.domain.PreemptionConfig;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.domain.SchedulerConfig;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.task.Durability;

/**
 * What the configuration of a domain means to its kernel. Immutable.
 *
 * @param priorities range, default and inheritance; inheritance through dependencies is off under
 *     {@link PriorityProtocol#NONE}
 * @param queuePolicy order among tasks the policy ranks equal
 * @param queueCapacity most tasks admitted and unfinished; 0: unbounded
 * @param slots tasks that can run at once, 1 or more
 * @param quantumNanos time slice; 0: none
 * @param maxFinished most finished tasks kept for queries; the oldest go first
 * @param durability of a task that names none
 * @param durableStore whether durable tasks can be stored; without one they are refused
 * @param maxStarted most tasks that are started and unfinished, 1 or more; beyond it only started
 *     ones are dispatched
 * @param preemption when running tasks are asked to give way
 * @param limits on handlers and concurrency keys; all that fit a task hold for it
 */
public record KernelSettings(
        PriorityConfig priorities,
        QueuePolicy queuePolicy,
        int queueCapacity,
        int slots,
        long quantumNanos,
        int maxFinished,
        Durability durability,
        boolean durableStore,
        int maxStarted,
        PreemptionConfig preemption,
        List<TaskLimit> limits) {
    public KernelSettings {
        limits = List.copyOf(limits);
        Objects.requireNonNull(priorities, "priorities");
        Objects.requireNonNull(queuePolicy, "queuePolicy");
        Objects.requireNonNull(durability, "durability");
        atLeast(0, "queueCapacity", queueCapacity);
        atLeast(1, "slots", slots);
        atLeast(0, "quantumNanos", quantumNanos);
        atLeast(0, "maxFinished", maxFinished);
        atLeast(1, "maxStarted", maxStarted);
        Objects.requireNonNull(preemption, "preemption");
        if (durability == Durability.DURABLE && !durableStore)
            throw new IllegalArgumentException(
                    "durability cannot default to DURABLE without a durable store");
    }

    /** Without preemption and limits, and with the usual number of started tasks. */
    public KernelSettings(
            PriorityConfig priorities,
            QueuePolicy queuePolicy,
            int queueCapacity,
            int slots,
            long quantumNanos,
            int maxFinished,
            Durability durability,
            boolean durableStore) {
        this(
                priorities,
                queuePolicy,
                queueCapacity,
                slots,
                quantumNanos,
                maxFinished,
                durability,
                durableStore,
                SchedulerConfig.STARTED_BEYOND_PARALLELISM + slots,
                new PreemptionConfig(false, PreemptionMode.NONE),
                List.of());
    }

    /**
     * Priorities 0 to 10, 5 by default, inheritance, FIFO ties, volatile, 1000 finished tasks kept,
     * no other limit.
     */
    public static KernelSettings basic(int slots) {
        return new KernelSettings(
                new PriorityConfig(0, 10, 5, PriorityProtocol.INHERITANCE),
                QueuePolicy.FIFO,
                0,
                slots,
                0,
                1000,
                Durability.VOLATILE,
                false);
    }

    /** The same with another way of preemption. */
    public KernelSettings with(PreemptionConfig other) {
        return new KernelSettings(
                priorities,
                queuePolicy,
                queueCapacity,
                slots,
                quantumNanos,
                maxFinished,
                durability,
                durableStore,
                maxStarted,
                other,
                limits);
    }

    /** The same with other limits on handlers and keys. */
    public KernelSettings with(List<TaskLimit> others) {
        return new KernelSettings(
                priorities,
                queuePolicy,
                queueCapacity,
                slots,
                quantumNanos,
                maxFinished,
                durability,
                durableStore,
                maxStarted,
                preemption,
                others);
    }

    /** Whether a more urgent task takes the slot of a running one before its slice is over. */
    boolean preempts() {
        return preemption.enabled() && preemption.mode() != PreemptionMode.NONE;
    }

    /** Whether running tasks give way wherever they can be stopped, not only at checkpoints. */
    public boolean preemptsAtPolls() {
        return preemption.enabled()
                && switch (preemption.mode()) {
                    case FULL, THRESHOLD -> true;
                    case NONE, COOPERATIVE -> false;
                };
    }

    private static void atLeast(long least, String what, long value) {
        if (value < least)
            throw new IllegalArgumentException(
                    what + " must be " + least + " or more, was " + value);
    }
}
