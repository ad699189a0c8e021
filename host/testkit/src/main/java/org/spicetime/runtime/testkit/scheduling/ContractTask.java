// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

/** A task without a domain, to call a policy directly. Called by one thread at a time. */
final class ContractTask implements TaskView {
    private static final List<TaskType> TYPES = List.of(TaskType.values());

    private final UUID id;
    private final long seq;
    private final TaskType type;
    private final long releasedAt;
    private final boolean started;
    int priority;
    long deadline;
    long estimated;
    long consumed;

    private ContractTask(UUID id, long seq, TaskType type, long releasedAt, boolean started) {
        this.id = id;
        this.seq = seq;
        this.type = type;
        this.releasedAt = releasedAt;
        this.started = started;
    }

    static ContractTask any(long seq, SplittableRandom random, PolicyContext context) {
        ContractTask task =
                new ContractTask(
                        new UUID(random.nextLong(), random.nextLong()),
                        seq,
                        TYPES.get(random.nextInt(TYPES.size())),
                        seq,
                        random.nextBoolean());
        task.priority = random.nextInt(context.minPriority(), context.maxPriority() + 1);
        task.deadline =
                random.nextBoolean() ? seq + random.nextLong(1, 1_000_000_000L) : Long.MAX_VALUE;
        task.estimated = random.nextLong(1_000_000);
        task.consumed = task.started ? random.nextLong(1_000_000) : 0;
        return task;
    }

    /** One that differs in nothing but its id and its number, which is higher. */
    ContractTask twin(SplittableRandom random) {
        UUID other = new UUID(random.nextLong(), random.nextLong());
        ContractTask twin = new ContractTask(other, seq + 1, type, releasedAt, started);
        twin.priority = priority;
        twin.deadline = deadline;
        twin.estimated = estimated;
        twin.consumed = consumed;
        return twin;
    }

    /** A node for this task, such as a host makes one per policy instance. */
    PolicyNode node() {
        ContractTask task = this;
        return new PolicyNode() {
            @Override
            public TaskView task() {
                return task;
            }

            @Override
            public String toString() {
                return task.toString();
            }
        };
    }

    @Override
    public UUID id() {
        return id;
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
        return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - releasedAt;
    }

    @Override
    public long period() {
        return Long.MAX_VALUE;
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
        return "task "
                + seq
                + " (priority "
                + priority
                + (deadline == Long.MAX_VALUE ? "" : ", deadline " + deadline)
                + ", estimate "
                + estimated
                + (started ? ", started)" : ")");
    }
}
