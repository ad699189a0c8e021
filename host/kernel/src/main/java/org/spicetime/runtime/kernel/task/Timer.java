// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happens to a task when its time has come. Guarded by the caller. */
final class Timer {
    enum Kind {
        RUN_AT,
        DEADLINE,
        TIME_LIMIT,
        RETRY,
        DEPENDENCY,
        SLICE,
        AGE
    }

    final Kind kind;
    final SlicedTask task;
    final @Nullable Dependency dependency;

    /** When, in UTC, if it is bound to UTC; null: to the monotonic clock alone. */
    final @Nullable Instant utc;

    long due;
    long number;
    int position = -1;

    Timer(
            Kind kind,
            SlicedTask task,
            @Nullable Dependency dependency,
            @Nullable Instant utc,
            long due) {
        this.kind = kind;
        this.task = task;
        this.dependency = dependency;
        this.utc = utc;
        this.due = due;
    }

    /** The task, of the heavy kind: all but slices are theirs. */
    TaskEntry entry() {
        return (TaskEntry) task;
    }
}
