// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Release;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Makes tasks of rows that were selected as {@link TaskColumns#ALL}, and checks their sum. A
 * dependency that was named by its place in a batch is read back by its id. Thread-safe.
 */
public final class TaskReader {

    private static final String DEPENDENCIES =
            "SELECT on_uid, type, timeout, state FROM dep WHERE task_seq = ? ORDER BY n";

    private TaskReader() {}

    /**
     * The task of the present row.
     *
     * @param row all columns of a task, from the first column on
     * @param connection to read dependencies with; those of the row's own snapshot
     * @return the task
     * @throws SQLException if the row cannot be read
     * @throws StoreException with DAMAGED if what was read cannot have been written
     */
    public static TaskRecord read(ResultSet row, Connection connection) throws SQLException {
        long seq = row.getLong(1);
        try {
            return read(new Columns(row, 1), connection, row.getLong(TaskColumns.FIXED.size()));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException broken) {
            throw new StoreException(
                    StoreException.Reason.DAMAGED,
                    "task with number %d in the store: %s; restore a backup, or purge it"
                            .formatted(seq, broken.getMessage()),
                    broken);
        }
    }

    private static TaskRecord read(Columns in, Connection connection, long sum)
            throws SQLException {
        long seq = in.number();
        TaskId id = TaskId.of(in.id());
        DomainId domain = DomainId.of(in.text());
        var type = Codes.TYPE.word(in.small());
        String name = in.textOrNull();
        String handler = in.text();
        String handlerVersion = in.textOrNull();
        int asked = in.small();
        Long askedPriority = in.numberOrNull();
        String owner = in.text();
        var labels = Json.labels(in.textOrNull());
        Instant runAt = in.instantOrNull();
        Instant deadline = in.instantOrNull();
        Duration relativeDeadline = in.spanOrNull();
        var onMiss = Codes.ON_MISS.word(in.small());
        UUID schedule = in.idOrNull();
        Long releaseNumber = in.numberOrNull();
        Instant nominal = in.instantOrNull();
        Duration period = in.spanOrNull();
        Duration timeout = in.span();
        Duration estimate = in.spanOrNull();
        Long memory = in.numberOrNull();
        int maxRetries = in.small();
        var retry = Retries.of(in.textOrNull());
        var onCrash = Codes.ON_CRASH.word(in.small());
        var durability = Codes.DURABILITY.word(in.small());
        String key = in.textOrNull();
        String concurrencyKey = in.textOrNull();
        String traceId = TraceIds.text(in.bytesOrNull());
        List<TaskDependency> dependencies = dependencies(in.small(), seq, connection);
        Payload payload = payload(in.textOrNull(), in.bytesOrNull());
        Instant created = in.instant();
        in.number();
        TaskRequest request =
                new TaskRequest(
                        type,
                        askedPriority == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(Math.toIntExact(askedPriority)),
                        (asked & Asked.DEADLINE) == 0 ? null : deadline,
                        relativeDeadline,
                        onMiss,
                        runAt,
                        dependencies.stream()
                                .map(edge ->
                                        new DependencyRequest(
                                                new TaskRef.Existing(edge.task()),
                                                edge.type(),
                                                edge.timeout()))
                                .toList(),
                        name,
                        (asked & Asked.HANDLER) == 0 ? null : handler,
                        payload,
                        timeout,
                        estimate,
                        maxRetries,
                        retry,
                        memory == null ? OptionalLong.empty() : OptionalLong.of(memory),
                        labels,
                        key,
                        (asked & Asked.DURABILITY) == 0 ? null : durability,
                        onCrash,
                        owner,
                        period,
                        concurrencyKey,
                        traceId);
        long changedSeq = in.number();
        TaskPhase phase = Codes.PHASE.word(in.small());
        Long before = in.numberOrNull();
        int priority = in.small();
        long rank = in.number();
        Instant readyAt = in.instantOrNull();
        boolean missed = in.number() != 0;
        int attempt = in.small();
        int attemptsLeft = in.small();
        UUID incarnation = in.idOrNull();
        Long epoch = in.numberOrNull();
        Double progress = in.fractionOrNull();
        Payload result = payload(in.textOrNull(), in.bytesOrNull());
        var error = Json.error(in.textOrNull());
        var metrics = Blobs.metrics(in.bytesOrNull());
        var transitions = Blobs.transitions(in.bytesOrNull());
        String changedBy = in.text();
        Instant updated = in.instant();
        Release release =
                schedule == null || nominal == null ? null : new Release(schedule, nominal);
        TaskRecord record =
                new TaskRecord(
                        new Task(
                                id,
                                domain,
                                request,
                                handler,
                                durability,
                                priority,
                                priority,
                                deadline,
                                phase,
                                attempt,
                                created,
                                updated,
                                dependencies,
                                metrics,
                                missed,
                                progress == null
                                        ? OptionalDouble.empty()
                                        : OptionalDouble.of(progress),
                                result,
                                error,
                                release == null || releaseNumber == null
                                        ? null
                                        : new TaskRelease(
                                                release.schedule(),
                                                releaseNumber,
                                                release.nominal())),
                        seq,
                        changedSeq,
                        rank,
                        before == null ? null : Codes.PHASE.word(Math.toIntExact(before)),
                        readyAt,
                        incarnation == null || epoch == null
                                ? null
                                : new Claim(incarnation, epoch, attempt),
                        attemptsLeft,
                        handlerVersion,
                        release,
                        changedBy,
                        transitions);
        long found = Checksum.of(record);
        if (found != sum) {
            throw new IllegalArgumentException(
                    "task %s has check sum %08x, not %08x".formatted(id, found, sum));
        }
        return record;
    }

    private static List<TaskDependency> dependencies(int count, long seq, Connection connection)
            throws SQLException {
        if (count == 0) {
            return List.of();
        }
        List<TaskDependency> dependencies = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(DEPENDENCIES)) {
            select.setLong(1, seq);
            try (ResultSet edge = select.executeQuery()) {
                while (edge.next()) {
                    Columns in = new Columns(edge, 1);
                    dependencies.add(
                            new TaskDependency(
                                    TaskId.of(in.id()),
                                    Codes.DEPENDENCY.word(in.small()),
                                    in.span(),
                                    in.number() != 0));
                }
            }
        }
        return dependencies;
    }

    private static @Nullable Payload payload(
            @Nullable String contentType, byte @Nullable [] bytes) {
        return bytes == null
                ? null
                : new Payload(bytes, contentType == null ? Payload.JSON : contentType);
    }
}
