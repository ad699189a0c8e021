// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/** Binds tasks to the statements of {@link TaskColumns}. Thread-safe. */
public final class TaskWriter {

    private TaskWriter() {}

    /**
     * Binds all parameters of {@link TaskColumns#INSERT}.
     *
     * @param statement the statement
     * @param record the task; its own number of the change is not looked at
     * @param changedSeq number of the change
     * @throws SQLException if a parameter cannot be bound
     */
    public static void insert(PreparedStatement statement, TaskRecord record, long changedSeq)
            throws SQLException {
        Task task = record.task();
        TaskRequest request = task.request();
        Binder to = new Binder(statement);
        to.number(record.seq())
                .id(task.id().value())
                .text(task.domain().value())
                .number(Codes.TYPE.of(request.type()))
                .text(request.name())
                .text(task.handler())
                .text(record.handlerVersion())
                .number(Asked.of(task));
        number(to, request.priority().isPresent(), request.priority().orElse(0));
        to.text(request.owner())
                .text(Json.labels(request.labels()))
                .instant(request.runAt())
                .instant(task.deadline())
                .span(request.relativeDeadline())
                .number(Codes.ON_MISS.of(request.onDeadlineMiss()));
        Release release = record.release();
        TaskRelease counted = task.release();
        to.id(release == null ? null : release.schedule());
        number(to, counted != null, counted == null ? 0 : counted.number());
        to.instant(release == null ? null : release.nominal())
                .span(request.period())
                .span(request.timeout())
                .span(request.estimatedDuration());
        number(to, request.memory().isPresent(), request.memory().orElse(0));
        to.number(request.maxRetries())
                .text(Retries.text(request.retry()))
                .number(Codes.ON_CRASH.of(request.onCrash()))
                .number(Codes.DURABILITY.of(task.durability()))
                .text(request.idempotencyKey())
                .text(request.concurrencyKey())
                .bytes(TraceIds.bytes(request.traceId()))
                .number(task.dependencies().size());
        payload(to, request.payload());
        to.instant(task.createdAt()).number(Checksum.of(record));
        moving(to, record, changedSeq);
    }

    /**
     * Binds all parameters of {@link TaskColumns#UPDATE}.
     *
     * @param statement the statement
     * @param record the task; its own number of the change is not looked at
     * @param changedSeq number of the change
     * @throws SQLException if a parameter cannot be bound
     */
    public static void update(PreparedStatement statement, TaskRecord record, long changedSeq)
            throws SQLException {
        Binder to = new Binder(statement);
        moving(to, record, changedSeq);
        to.number(record.seq());
    }

    private static void moving(Binder to, TaskRecord record, long changedSeq) throws SQLException {
        Task task = record.task();
        Claim claim = record.claim();
        to.number(changedSeq).number(Codes.PHASE.of(task.phase()));
        var before = record.phaseBefore();
        number(to, before != null, before == null ? 0 : Codes.PHASE.of(before));
        to.number(task.priority())
                .number(record.rank())
                .instant(record.readyAt())
                .number(task.deadlineMissed() ? 1 : 0)
                .number(task.attempt())
                .number(record.attemptsLeft())
                .id(claim == null ? null : claim.incarnation());
        number(to, claim != null, claim == null ? 0 : claim.epoch());
        if (task.progress().isPresent()) {
            to.fraction(task.progress().getAsDouble());
        } else {
            to.nothing();
        }
        payload(to, task.result());
        to.text(Json.error(task.error()))
                .bytes(Blobs.metrics(task.metrics()))
                .bytes(Blobs.transitions(record.transitions()))
                .text(record.changedBy())
                .instant(task.updatedAt());
    }

    private static void number(Binder to, boolean present, long value) throws SQLException {
        if (present) {
            to.number(value);
        } else {
            to.nothing();
        }
    }

    /* Content type and bytes. */
    private static void payload(Binder to, @Nullable Payload payload) throws SQLException {
        if (payload == null) {
            to.nothing().nothing();
        } else {
            to.text(payload.contentType().equals(Payload.JSON) ? null : payload.contentType())
                    .bytes(payload.bytes());
        }
    }
}
