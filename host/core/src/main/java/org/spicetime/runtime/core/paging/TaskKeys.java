// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.paging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Sort keys of tasks: instants in nanoseconds since 1970, those beyond the range of a long at its
 * ends; ties are broken by the id. Thread-safe; the entries are guarded by the caller.
 */
final class TaskKeys {

    private static final long NANOS = 1_000_000_000L;
    private static final long FARTHEST = Long.MAX_VALUE / NANOS - 1;

    private TaskKeys() {}

    /** The key of a task; SCHEDULE has none. */
    static long of(TaskEntry entry, TaskOrder order, boolean descending) {
        return switch (order) {
            case SCHEDULE -> 0;
            case CREATED_AT -> nanos(entry.createdAt());
            case UPDATED_AT -> nanos(entry.updatedAt());
            case PRIORITY -> entry.requestedPriority();
            case DEADLINE -> deadline(entry.deadlineInstant(), descending);
        };
    }

    /* Tasks without a deadline come last, whichever the direction. */
    private static long deadline(@Nullable Instant deadline, boolean descending) {
        if (deadline == null) {
            return descending ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return nanos(deadline);
    }

    private static long nanos(Instant instant) {
        long seconds = Math.clamp(instant.getEpochSecond(), -FARTHEST, FARTHEST);
        return seconds * NANOS + instant.getNano();
    }
}
