// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Sort keys of tasks in the kernel, the same as {@link TaskPlace} has for stored ones; ties are
 * broken by the id. Thread-safe; the entries are guarded by the caller.
 */
final class TaskKeys {

    /** Under SCHEDULE: it runs or has its turn, so its place is where the scheduler has it now. */
    static final long LIVE = Long.MIN_VALUE;

    /** Under SCHEDULE: it has its turn when those in memory had theirs. */
    static final long PARKED = LIVE + 1;

    /** Under SCHEDULE: it waits for something and has no turn yet. */
    static final long LATER = LIVE + 2;

    private TaskKeys() {}

    static long of(TaskEntry entry, TaskOrder order, boolean descending) {
        return switch (order) {
            case SCHEDULE -> scheduled(entry);
            case CREATED_AT -> TaskPlace.micros(entry.createdAt());
            case UPDATED_AT -> TaskPlace.micros(entry.updatedAt());
            case PRIORITY -> entry.requestedPriority();
            case DEADLINE -> deadline(entry.deadlineInstant(), descending);
        };
    }

    private static long scheduled(TaskEntry entry) {
        if (entry.isFinal()) {
            return TaskPlace.micros(entry.updatedAt());
        }
        return entry.queued() || entry.phase().status() == TaskStatus.RUNNING ? LIVE : LATER;
    }

    /** Whether a key under SCHEDULE is that of a task that has not ended. */
    static boolean isLive(long key) {
        return key <= LATER;
    }

    /* Tasks without a deadline come last, whichever the direction. */
    private static long deadline(@Nullable Instant deadline, boolean descending) {
        if (deadline == null) {
            return descending ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return TaskPlace.micros(deadline);
    }
}
