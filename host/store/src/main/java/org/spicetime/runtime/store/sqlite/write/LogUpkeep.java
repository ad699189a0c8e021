// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Copies the write-ahead log into the file, always on the writer's connection: when it holds about
 * so many pages, without waiting for readers, and to its end when nothing is to be written. How
 * many pages a row costs is learnt from the log itself. Called by the writer's thread.
 */
final class LogUpkeep {

    private static final double FEWEST_PAGES = 0.05;

    private final int mostPages;
    private double pagesPerRow = 1;
    private long rows;

    LogUpkeep(int mostPages) {
        this.mostPages = mostPages;
    }

    void wrote(long moreRows) {
        rows += moreRows;
    }

    void afterCommit(Connection connection) throws SQLException {
        if (rows * pagesPerRow >= mostPages) {
            long pages = checkpoint(connection, "PASSIVE");
            pagesPerRow = Math.max(FEWEST_PAGES, (double) pages / rows);
            rows = 0;
        }
    }

    void whenIdle(Connection connection) throws SQLException {
        if (rows > 0) {
            checkpoint(connection, "TRUNCATE");
            rows = 0;
        }
    }

    /* Pages the log had. */
    private static long checkpoint(Connection connection, String mode) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            return row.next() ? Math.max(0, row.getLong(2)) : 0;
        }
    }
}
