// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Checks the whole file after a process died that had it open, on a connection and a thread of its
 * own, while the store works. A small file is compared with its indexes as well, which finds rows
 * that an index has lost; a large one is only walked through, because a check holds back the reuse
 * of the log. Thread-safe.
 */
public final class BackgroundCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCheck.class);
    private static final long SMALL_BYTES = 256L << 20;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private volatile boolean finished;

    /** Opens a connection that only reads. */
    @FunctionalInterface
    public interface ConnectionSource {

        /**
         * Opens it.
         *
         * @return closed by who asked for it
         * @throws SQLException if it cannot be opened
         */
        Connection open() throws SQLException;
    }

    private BackgroundCheck(ConnectionSource source, long bytes, StoreGuard guard) {
        String pragma =
                bytes <= SMALL_BYTES ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
        thread =
                Thread.ofPlatform()
                        .name("store-check")
                        .daemon()
                        .unstarted(() -> run(source, pragma, guard));
    }

    /**
     * Begins a check; the guard is told now, and of what was found.
     *
     * @param source the file
     * @param bytes its size
     * @param guard who is told
     * @return to be closed before the file is
     */
    public static BackgroundCheck start(ConnectionSource source, long bytes, StoreGuard guard) {
        BackgroundCheck check = new BackgroundCheck(source, bytes, guard);
        guard.checking();
        check.thread.start();
        return check;
    }

    private void run(ConnectionSource source, String pragma, StoreGuard guard) {
        try (Connection own = source.open()) {
            connection = own;
            if (closed) {
                return;
            }
            try (Statement statement = own.createStatement();
                    ResultSet answer = statement.executeQuery(pragma)) {
                String said = answer.next() ? answer.getString(1) : "no answer";
                finished = true;
                guard.checked("ok".equals(said) ? null : said);
            }
        } catch (SQLException e) {
            if (closed) {
                return;
            }
            if (Fault.of(e) == Fault.SUSPECT) {
                guard.checked(e.getMessage());
            } else {
                LOG.warn("The store could not be checked: {}", e.toString());
                guard.checked(null);
            }
        } finally {
            connection = null;
        }
    }

    /**
     * Whether the file was read to its end, so that the next start need not do it.
     *
     * @return whatever was found
     */
    public boolean isFinished() {
        return finished;
    }

    /** Ends the check, finished or not. */
    @Override
    public void close() {
        closed = true;
        Connection own = connection;
        try {
            if (own instanceof SQLiteConnection engine) {
                engine.getDatabase().interrupt();
            }
            thread.join(STOP_LIMIT);
        } catch (SQLException e) {
            LOG.warn("The check of the store could not be ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
