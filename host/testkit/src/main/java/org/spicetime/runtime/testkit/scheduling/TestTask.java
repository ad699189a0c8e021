// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

/** A task without a domain, to call a policy directly. Immutable. */
record TestTask(
        UUID id,
        long seq,
        TaskType type,
        int priority,
        int basePriority,
        long releasedAt,
        long deadline,
        long relativeDeadline,
        long period,
        long estimatedNanos,
        long consumedNanos,
        boolean started)
        implements TaskView {
    private static final List<TaskType> TYPES = List.of(TaskType.values());

    static TestTask any(long seq, SplittableRandom random, int minPriority, int maxPriority) {
        int priority = random.nextInt(minPriority, maxPriority + 1);
        boolean dated = random.nextBoolean();
        long relative = dated ? random.nextLong(1, 1_000_000_000L) : Long.MAX_VALUE;
        return new TestTask(
                new UUID(random.nextLong(), random.nextLong()),
                seq,
                TYPES.get(random.nextInt(TYPES.size())),
                priority,
                priority,
                seq,
                dated ? seq + relative : Long.MAX_VALUE,
                relative,
                Long.MAX_VALUE,
                random.nextLong(1_000_000),
                random.nextLong(1_000_000),
                random.nextBoolean());
    }

    /** A node for this task. */
    PolicyNode node() {
        TestTask task = this;
        return new PolicyNode() {
            @Override
            public TaskView task() {
                return task;
            }
        };
    }
}
