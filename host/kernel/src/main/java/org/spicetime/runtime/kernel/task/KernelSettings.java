// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Objects;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
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
 */
public record KernelSettings(
        PriorityConfig priorities,
        QueuePolicy queuePolicy,
        int queueCapacity,
        int slots,
        long quantumNanos,
        int maxFinished,
        Durability durability,
        boolean durableStore) {
    /** Started tasks a domain may hold beyond its slots. */
    private static final int STARTED_BEYOND_SLOTS = 64;

    public KernelSettings {
        Objects.requireNonNull(priorities, "priorities");
        Objects.requireNonNull(queuePolicy, "queuePolicy");
        Objects.requireNonNull(durability, "durability");
        atLeast(0, "queueCapacity", queueCapacity);
        atLeast(1, "slots", slots);
        atLeast(0, "quantumNanos", quantumNanos);
        atLeast(0, "maxFinished", maxFinished);
        if (durability == Durability.DURABLE && !durableStore)
            throw new IllegalArgumentException(
                    "durability cannot default to DURABLE without a durable store");
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

    /** Most tasks that are started and unfinished; beyond it only started ones are dispatched. */
    public int maxStarted() {
        return STARTED_BEYOND_SLOTS + slots;
    }

    boolean inherits() {
        return priorities.protocol() != PriorityProtocol.NONE;
    }

    private static void atLeast(long least, String what, long value) {
        if (value < least)
            throw new IllegalArgumentException(
                    what + " must be " + least + " or more, was " + value);
    }
}
