// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An uninterrupted run of a task on a slot. Immutable.
 *
 * @param task that ran: the value of its {@link org.spicetime.runtime.api.TaskId}, or the number by
 *     which policies know a task of {@link org.spicetime.runtime.api.domain.Domain#executor}, which
 *     no query finds
 * @param worker the slot, from 0; two slices of one slot never overlap
 * @param start when it began
 * @param length how long it lasted, until now for a task that still runs
 * @param end why it ended; null: it still runs
 */
public record ExecutionSlice(
        UUID task, int worker, Instant start, Duration length, @Nullable SliceEnd end) {
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
