// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;

/** Opens connections to a store's file. Thread-safe. */
final class Database {

    /* Before it, resetting the log while another connection checkpoints could lose commits. */
    private static final int[] OLDEST_ENGINE = {3, 51, 3};

    private static final String URL = "jdbc:sqlite:";

    private Database() {}

    /** The connection that writes; its transactions take the right to write when they begin. */
    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        // Otherwise the driver asks for the key of each row written, which nobody reads.
        config.setGetGeneratedKeys(false);
        Connection connection = open(file, config);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute("PRAGMA cell_size_check = ON");
            statement.execute("PRAGMA temp_store = MEMORY");
            statement.execute("PRAGMA mmap_size = 0");
            statement.execute("PRAGMA cache_size = -32768");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    /** From now on commits are appended to a log, which nobody but the writer empties. */
    static void log(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                if (!mode.next() || !"wal".equals(mode.getString(1))) {
                    throw new StoreException(
                            Reason.IO,
                            "the disk of the task store cannot hold a write-ahead log; put the data directory on a local disk");
                }
            }
            try (ResultSet done = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                done.next();
            }
        }
    }

    /** Sets something whose answer does not matter. */
    static void tell(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(pragma);
        }
    }

    /** A connection that reads; whoever uses it sees to it that it does not write. */
    static Connection reader(Path file) throws SQLException {
        Connection connection = open(file, new SQLiteConfig());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA cell_size_check = ON");
            statement.execute("PRAGMA mmap_size = 0");
            statement.execute("PRAGMA temp_store = MEMORY");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    private static Connection open(Path file, SQLiteConfig config) throws SQLException {
        Properties properties = config.toProperties();
        return JDBC.createConnection(URL + file.toAbsolutePath(), properties);
    }

    /** Refuses an engine with a known defect; answers its version. */
    static String engine(Connection connection) throws SQLException {
        String version;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
            version = row.next() ? row.getString(1) : "";
        }
        String[] parts = version.split("\\.", -1);
        for (int i = 0; i < OLDEST_ENGINE.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part > OLDEST_ENGINE[i]) {
                break;
            }
            if (part < OLDEST_ENGINE[i]) {
                throw new StoreException(
                        Reason.NOT_SUPPORTED,
                        "SQLite %s can lose commits; at least 3.51.3 is needed".formatted(version));
            }
        }
        return "SQLite " + version;
    }
}
