// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.read;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;

/**
 * A connection that answers one question after the other, with its prepared statements. Called by
 * one thread at a time.
 */
public final class ReadSession {

    private static final Logger LOG = LoggerFactory.getLogger(ReadSession.class);

    /** Steps of the engine between two looks at the clock: about a millisecond. */
    private static final int STEPS = 20_000;

    private static final int STATEMENTS = 64;

    private final Connection connection;
    private final Statement control;
    private final Statements statements = new Statements();
    private long end;
    private boolean open;

    ReadSession(Connection connection) throws SQLException {
        this.connection = connection;
        control = connection.createStatement();
        control.execute("PRAGMA query_only = 1");
        register(connection);
        ProgressHandler.setHandler(
                connection,
                STEPS,
                new ProgressHandler() {
                    @Override
                    protected int progress() {
                        return open && System.nanoTime() - end > 0 ? 1 : 0;
                    }
                });
    }

    /* The engine's own lower() knows ASCII alone. */
    private static void register(Connection connection) throws SQLException {
        Function.create(
                connection,
                "fold",
                new Function() {
                    @Override
                    protected void xFunc() throws SQLException {
                        String text = value_text(0);
                        if (text == null) {
                            result();
                        } else {
                            result(text.toLowerCase(Locale.ROOT));
                        }
                    }
                },
                1,
                Function.FLAG_DETERMINISTIC);
    }

    void begin(long deadline) throws SQLException {
        end = deadline;
        control.execute("BEGIN");
        open = true;
    }

    void end() throws SQLException {
        open = false;
        control.execute("COMMIT");
    }

    /**
     * Leaves the read transaction, if a question failed in it. A statement that failed once is of
     * no use to the driver any more, so all are prepared anew.
     */
    void abandon() {
        if (open) {
            open = false;
            statements.forget();
            try {
                control.execute("ROLLBACK");
            } catch (SQLException over) {
                LOG.debug("the read transaction was over already", over);
            }
        }
    }

    /**
     * The prepared form of a statement.
     *
     * @param sql its text
     * @return to be used, and its result closed, within the question
     * @throws SQLException if the text is wrong
     */
    public PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    Connection connection() {
        return connection;
    }

    void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            LOG.warn("a connection of the store did not close", failed);
        }
    }

    /** The statements used last. */
    private static final class Statements extends LinkedHashMap<String, PreparedStatement> {
        private static final long serialVersionUID = 1L;

        Statements() {
            super(STATEMENTS, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
            if (size() <= STATEMENTS) {
                return false;
            }
            close(eldest.getValue());
            return true;
        }

        void forget() {
            values().forEach(Statements::close);
            clear();
        }

        private static void close(@Nullable PreparedStatement statement) {
            try {
                if (statement != null) {
                    statement.close();
                }
            } catch (SQLException failed) {
                LOG.warn("a statement of the store did not close", failed);
            }
        }
    }
}
