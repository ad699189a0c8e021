// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.spicetime.runtime.store.fault.OpenCheck;
import org.spicetime.runtime.store.sqlite.migration.Step;
import org.sqlite.JDBC;

/** Files with the layout of a store, made without the store. Thread-safe. */
public final class BareStore {

    private BareStore() {}

    /** Opens a file, or {@code :memory:}. */
    public static Connection connect(String file) throws SQLException {
        return JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
    }

    /** Makes the tables. */
    public static void layOut(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            for (Step step : Step.ALL) {
                for (String each : step.sql().replaceAll("--[^\n]*", "").split(";")) {
                    if (!each.isBlank()) {
                        statement.execute(each);
                    }
                }
            }
            statement.execute("PRAGMA application_id = " + OpenCheck.APPLICATION_ID);
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY,"
                            + " checksum BLOB NOT NULL, applied INTEGER NOT NULL) STRICT");
            statement.execute("INSERT INTO schema_version VALUES (1, x'00', 0)");
        }
    }

    /** A store with some rows in it, closed. */
    public static void create(Path file, int rows) throws SQLException {
        try (Connection connection = connect(file.toString())) {
            layOut(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute(
                        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                + rows
                                + ") INSERT INTO idempotency SELECT 'a', 'key' || i,"
                                + " randomblob(32), randomblob(16), i FROM n WHERE i > 0");
            }
        }
    }

    /** The number that a question answers. */
    public static long number(Path file, String sql) throws SQLException {
        try (Connection connection = connect(file.toString());
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
