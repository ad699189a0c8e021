// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.store.sqlite.row.Blobs;
import org.spicetime.runtime.store.sqlite.row.Codes;
import org.spicetime.runtime.store.sqlite.row.Json;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** Attempts and their log lines. Thread-safe. */
public final class AttemptReads {

    private final Readers readers;

    /**
     * Reads by these connections.
     *
     * @param readers the connections
     */
    public AttemptReads(Readers readers) {
        this.readers = readers;
    }

    /** See {@link org.spicetime.runtime.api.store.TaskStore#attempts}. */
    public List<TaskAttempt> attempts(TaskId task) {
        return readers.read(session -> {
            Long seq = seqOf(session, task);
            return seq == null ? List.of() : attempts(session, seq);
        });
    }

    private static @Nullable Long seqOf(ReadSession session, TaskId task) throws SQLException {
        PreparedStatement statement = session.statement(ReadStatements.SEQ_OF_TASK);
        statement.setBytes(1, Micros.bytes(task));
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : null;
        }
    }

    private static List<TaskAttempt> attempts(ReadSession session, long seq) throws SQLException {
        PreparedStatement statement = session.statement(ReadStatements.ATTEMPTS);
        statement.setLong(1, seq);
        List<TaskAttempt> attempts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                int number = rows.getInt(1);
                long finished = rows.getLong(3);
                boolean over = !rows.wasNull();
                int outcome = rows.getInt(4);
                boolean ended = !rows.wasNull();
                List<TaskLogLine> lines = lines(session, seq, number);
                int tooMany = Math.max(0, lines.size() - TaskAttempt.MAX_LOG_LINES);
                attempts.add(
                        new TaskAttempt(
                                number,
                                Micros.instant(rows.getLong(2)),
                                over ? Micros.instant(finished) : null,
                                ended ? Codes.OUTCOME.word(outcome) : null,
                                Json.error(rows.getString(5)),
                                new HostRef(
                                        rows.getString(6),
                                        Micros.uuid(Objects.requireNonNull(rows.getBytes(7)))),
                                lines.subList(tooMany, lines.size()),
                                rows.getLong(8) + tooMany));
            }
        }
        return attempts;
    }

    private static List<TaskLogLine> lines(ReadSession session, long seq, int number)
            throws SQLException {
        PreparedStatement statement = session.statement(ReadStatements.LOG);
        statement.setLong(1, seq);
        statement.setInt(2, number);
        List<TaskLogLine> lines = new ArrayList<>();
        try (ResultSet blocks = statement.executeQuery()) {
            while (blocks.next()) {
                lines.addAll(Blobs.lines(Objects.requireNonNull(blocks.getBytes(1))));
            }
        }
        return lines;
    }
}
