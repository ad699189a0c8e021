// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.store.sqlite.row.Micros;
import org.spicetime.runtime.store.sqlite.row.TaskColumns;
import org.spicetime.runtime.store.sqlite.row.TaskReader;

/** Whole rows, payloads and results included, with their check sums checked. Thread-safe. */
final class TaskRowReader {

    static final String BY_ID = "SELECT " + TaskColumns.ALL + " FROM task t WHERE t.uid = ?";
    static final String BY_SEQ = "SELECT " + TaskColumns.ALL + " FROM task t WHERE t.seq = ?";

    private TaskRowReader() {}

    static @Nullable TaskRecord byId(ReadSession session, TaskId task) throws SQLException {
        PreparedStatement statement = session.statement(BY_ID);
        statement.setBytes(1, Micros.bytes(task));
        return only(statement, session);
    }

    static @Nullable TaskRecord bySeq(ReadSession session, long seq) throws SQLException {
        PreparedStatement statement = session.statement(BY_SEQ);
        statement.setLong(1, seq);
        return only(statement, session);
    }

    private static @Nullable TaskRecord only(PreparedStatement statement, ReadSession session)
            throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? TaskReader.read(row, session.connection()) : null;
        }
    }
}
