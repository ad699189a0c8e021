// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

/**
 * What makes a task urgent to one policy or another: how long its deadline and its period are
 * counts as well, since rate monotonic and deadline monotonic orders know nothing else. Immutable.
 *
 * @param priority larger is more urgent
 * @param deadline on the domain's clock; {@link TaskEntry#NEVER}: none
 * @param relativeDeadline from the release on, in nanoseconds; {@link TaskEntry#NEVER}: none
 * @param period in nanoseconds; {@link TaskEntry#NEVER}: none
 */
record Urgency(int priority, long deadline, long relativeDeadline, long period) {
    /** Not urgent at all. */
    static final Urgency NONE =
            new Urgency(Integer.MIN_VALUE, TaskEntry.NEVER, TaskEntry.NEVER, TaskEntry.NEVER);

    /** In every respect as urgent as the more urgent of both. */
    Urgency with(Urgency other) {
        if (covers(other)) return this;
        return new Urgency(
                Math.max(priority, other.priority),
                Math.min(deadline, other.deadline),
                Math.min(relativeDeadline, other.relativeDeadline),
                Math.min(period, other.period));
    }

    Urgency withPriority(int least) {
        return least <= priority ? this : new Urgency(least, deadline, relativeDeadline, period);
    }

    /** Whether the other is not more urgent in any respect. */
    boolean covers(Urgency other) {
        return priority >= other.priority
                && deadline <= other.deadline
                && relativeDeadline <= other.relativeDeadline
                && period <= other.period;
    }
}
