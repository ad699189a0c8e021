// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * An uninterrupted run of a task on a slot. Immutable.
 *
 * @param task that ran
 * @param worker the slot, from 0; two slices of one slot never overlap
 * @param start when it began
 * @param length how long it lasted, until now for a task that still runs
 * @param end why it ended; null: it still runs
 */
public record ExecutionSlice(
        TaskId task, int worker, Instant start, Duration length, @Nullable SliceEnd end) {
    /** Most slices of one answer. */
    public static final int MOST = 5000;

    public ExecutionSlice {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(start, "start");
        if (worker < 0)
            throw new IllegalArgumentException("worker must be 0 or more, was " + worker);
        if (length.isNegative())
            throw new IllegalArgumentException("length must be 0 or more, was " + length);
    }
}
