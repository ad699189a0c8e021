// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

/** A task of a trial: nothing but values. Called by one thread at a time. */
final class TrialTask extends Schedulable {
    private static final List<TaskType> TYPES = List.of(TaskType.values());
    private static final long NEVER = Long.MAX_VALUE;

    private final UUID id;
    private final TaskType type;
    private final int basePriority;
    private final long releasedAt;
    private final long relativeDeadline;
    private final long period;
    long seq;
    int priority;
    long deadline;
    long estimated;
    long consumed;
    boolean started;

    private TrialTask(
            UUID id,
            TaskType type,
            int basePriority,
            long releasedAt,
            long relativeDeadline,
            long period) {
        this.id = id;
        this.type = type;
        this.basePriority = basePriority;
        this.priority = basePriority;
        this.releasedAt = releasedAt;
        this.relativeDeadline = relativeDeadline;
        this.deadline = relativeDeadline == NEVER ? NEVER : releasedAt + relativeDeadline;
        this.period = period;
    }

    static TrialTask madeUp(RandomGenerator random, long now, int minPriority, int maxPriority) {
        TrialTask task =
                new TrialTask(
                        new UUID(random.nextLong(), random.nextLong()),
                        TYPES.get(random.nextInt(TYPES.size())),
                        random.nextInt(minPriority, maxPriority + 1),
                        now,
                        random.nextBoolean() ? random.nextLong(1, 1_000_000_000L) : NEVER,
                        random.nextInt(4) == 0 ? random.nextLong(1, 1_000_000_000L) : NEVER);
        task.estimated = random.nextBoolean() ? random.nextLong(1, 10_000_000) : 0;
        return task;
    }

    /** With the values of another task; it is not started, whatever that one is. */
    static TrialTask like(TaskView view) {
        TrialTask task =
                new TrialTask(
                        view.id(),
                        view.type(),
                        view.basePriority(),
                        view.releasedAt(),
                        view.relativeDeadline(),
                        view.period());
        task.priority = view.priority();
        task.deadline = view.deadline();
        task.estimated = view.estimatedNanos();
        task.consumed = view.consumedNanos();
        return task;
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
        return basePriority;
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
        return relativeDeadline;
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
}
