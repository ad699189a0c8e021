// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.store.sqlite.row.Binder;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The writer's connection with its prepared statements. Called by the writer's thread. */
final class Sql {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Sql(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    /** Sets the parameters of a statement. */
    @FunctionalInterface
    interface Parameters {
        void bind(Binder to) throws SQLException;
    }

    /** Reads a row. */
    @FunctionalInterface
    interface Row<T> {
        @Nullable T read(ResultSet row) throws SQLException;
    }

    /** Writes; answers the rows changed. */
    int run(String sql, Parameters parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        parameters.bind(new Binder(statement));
        return statement.executeUpdate();
    }

    /** The first row, if there is one. */
    <T> @Nullable T first(String sql, Parameters parameters, Row<T> row) throws SQLException {
        PreparedStatement statement = statement(sql);
        parameters.bind(new Binder(statement));
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? row.read(rows) : null;
        }
    }

    /** Each row. */
    void each(String sql, Parameters parameters, Row<?> row) throws SQLException {
        PreparedStatement statement = statement(sql);
        parameters.bind(new Binder(statement));
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                row.read(rows);
            }
        }
    }

    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    void commit() throws SQLException {
        connection.setAutoCommit(true);
    }

    /**
     * Undoes what was not committed. After some errors the engine has done so by itself, and the
     * driver does not know; left alone it would not begin the next transaction.
     */
    void rollback() throws SQLException {
        forget();
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            requireNoTransaction(e);
        }
        if (!connection.getAutoCommit()) {
            try {
                connection.setAutoCommit(true);
            } catch (SQLException e) {
                requireNoTransaction(e);
            }
        }
    }

    /* A statement that failed once is of no use to the driver any more. */
    private void forget() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    private static void requireNoTransaction(SQLException e) throws SQLException {
        boolean none =
                e instanceof SQLiteException engine
                        && engine.getResultCode() == SQLiteErrorCode.SQLITE_ERROR;
        if (!none) {
            throw e;
        }
    }

    /** Whether a row was refused because it is there already. */
    static boolean isDuplicate(SQLException e) {
        return e instanceof SQLiteException engine
                && (engine.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                        || engine.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT);
    }
}
