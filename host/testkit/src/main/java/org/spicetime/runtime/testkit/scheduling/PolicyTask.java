// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.UUID;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

/**
 * A task and its node in one, to call a policy by hand in a test. It has the priority 0 and nothing
 * else until told otherwise. Called by one thread at a time.
 *
 * <pre>{@code
 * PolicyTask urgent = new PolicyTask(1).deadline(50);
 * policy.enqueue(urgent, EnqueueReason.NEW, 0);
 * }</pre>
 */
public final class PolicyTask extends PolicyNode implements TaskView {
    private final long seq;
    private TaskType type = TaskType.COMPUTATION;
    private int priority;
    private long releasedAt;
    private long deadline = Long.MAX_VALUE;
    private long period = Long.MAX_VALUE;
    private long estimated;
    private long consumed;
    private boolean started;

    /**
     * A task of priority 0 that was released at 0.
     *
     * @param seq its number in the order of release
     */
    public PolicyTask(long seq) {
        this.seq = seq;
    }

    /**
     * Sets the type.
     *
     * @param value kind of work
     * @return this
     */
    public PolicyTask type(TaskType value) {
        type = value;
        return this;
    }

    /**
     * Sets both priorities, the base and the effective one.
     *
     * @param value larger is more urgent
     * @return this
     */
    public PolicyTask priority(int value) {
        priority = value;
        return this;
    }

    /**
     * Sets the instant of release.
     *
     * @param nanos on the domain's clock
     * @return this
     */
    public PolicyTask releasedAt(long nanos) {
        releasedAt = nanos;
        return this;
    }

    /**
     * Sets the deadline; the relative one follows from the release.
     *
     * @param nanos on the domain's clock
     * @return this
     */
    public PolicyTask deadline(long nanos) {
        deadline = nanos;
        return this;
    }

    /**
     * Sets the period of its schedule.
     *
     * @param nanos between releases
     * @return this
     */
    public PolicyTask period(long nanos) {
        period = nanos;
        return this;
    }

    /**
     * Sets the expected run time.
     *
     * @param nanos 0: unknown
     * @return this
     */
    public PolicyTask estimated(long nanos) {
        estimated = nanos;
        return this;
    }

    /**
     * Sets the processor time used so far.
     *
     * @param nanos zero or more
     * @return this
     */
    public PolicyTask consumed(long nanos) {
        consumed = nanos;
        return this;
    }

    /**
     * Sets whether it owns a thread.
     *
     * @param value true: it was dispatched and has not ended
     * @return this
     */
    public PolicyTask started(boolean value) {
        started = value;
        return this;
    }

    @Override
    public TaskView task() {
        return this;
    }

    @Override
    public UUID id() {
        return new UUID(0, seq);
    }

    @Override
    public long seq() {
        return seq;
    }

    @Override
    public TaskType type() {
        return type;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public int basePriority() {
        return priority;
    }

    @Override
    public long releasedAt() {
        return releasedAt;
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public long relativeDeadline() {
        return deadline == Long.MAX_VALUE ? deadline : deadline - releasedAt;
    }

    @Override
    public long period() {
        return period;
    }

    @Override
    public long estimatedNanos() {
        return estimated;
    }

    @Override
    public long consumedNanos() {
        return consumed;
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public String toString() {
        return "task " + seq;
    }
}
