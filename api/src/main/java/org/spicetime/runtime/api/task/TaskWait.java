// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * A time in which a task could not run. Immutable.
 *
 * @param reason why
 * @param since from when on
 * @param length how long, until now for an open wait; in microseconds or finer
 * @param open whether it still waits
 * @param blockedBy the task in the way; null: none, or not known any more
 * @param resource the resource or lock waited for; null: none
 */
public record TaskWait(
        WaitReason reason,
        Instant since,
        Duration length,
        boolean open,
        @Nullable TaskId blockedBy,
        @Nullable String resource) {
    public TaskWait {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
        if (length.isNegative())
            throw new IllegalArgumentException("length must be 0 or more, was " + length);
    }
}
