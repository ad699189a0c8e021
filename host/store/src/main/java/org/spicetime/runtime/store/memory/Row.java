// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.store.QueuedRef;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * A stored task. Immutable.
 *
 * @param record what readers see
 */
record Row(TaskRecord record) {

    /** Most urgent first. */
    static final Comparator<Row> BY_RANK =
            Comparator.<Row>comparingLong(row -> row.record.rank()).thenComparingLong(Row::seq);

    /** Earliest first; only of rows that wait for an instant. */
    static final Comparator<Row> BY_TIME =
            Comparator.comparing(Row::wakesAt).thenComparingLong(Row::seq);

    /** Earliest end first; only of rows that have ended. */
    static final Comparator<Row> BY_END =
            Comparator.<Row, Instant>comparing(row -> row.task().updatedAt())
                    .thenComparingLong(Row::seq);

    private static final int LONGEST_TEXT = 1 << 20;

    TaskId id() {
        return record.task().id();
    }

    Task task() {
        return record.task();
    }

    TaskPhase phase() {
        return record.task().phase();
    }

    long seq() {
        return record.seq();
    }

    Instant wakesAt() {
        return Objects.requireNonNull(record.readyAt(), "a waiting task has an instant");
    }

    boolean isTimed() {
        return phase() == TaskPhase.SCHEDULED || phase() == TaskPhase.RETRY_WAIT;
    }

    /** Bytes of payload, result and texts. */
    long bytes() {
        RuntimeError error = task().error();
        String name = task().request().name();
        return size(task().request().payload())
                + size(task().result())
                + (error == null ? 0 : Math.min(error.message().length(), LONGEST_TEXT))
                + (name == null ? 0 : name.length());
    }

    private static long size(@Nullable Payload payload) {
        return payload == null ? 0 : payload.size();
    }

    QueuedRef queued() {
        return new QueuedRef(
                id(),
                seq(),
                record.rank(),
                isTimed() ? record.readyAt() : null,
                task().deadline(),
                task().handler(),
                size(task().request().payload()));
    }
}
