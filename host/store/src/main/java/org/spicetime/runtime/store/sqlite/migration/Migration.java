// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.migration;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.fault.OpenCheck;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * Brings a store to the layout of this code: each step in a transaction of its own, with its check
 * sum; a copy of the whole file is made before the first one that changes an existing store.
 * Thread-safe.
 */
public final class Migration {

    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
    private static final int USER_VERSION = 60;
    private static final int HEAD = 100;

    private final List<Step> steps;

    /** Keeps a store as it is before its layout changes. */
    @FunctionalInterface
    public interface Keeper {

        /**
         * Copies it and checks the copy; what an attempt before left under that name is replaced.
         *
         * @param connection in no transaction
         * @param copy where to
         * @param version its layout
         * @throws StoreException if there is no whole copy; the layout stays as it is then
         */
        void keep(Connection connection, Path copy, int version);
    }

    /**
     * To a layout.
     *
     * @param steps all of them, from 1
     */
    public Migration(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * The layout it leads to.
     *
     * @return number of the last step
     */
    public int version() {
        return steps.size();
    }

    /**
     * Refuses a store of newer code by the head of its file, before the engine touches it.
     *
     * @param file the store; need not exist
     * @throws StoreException NEWER_SCHEMA; IO if the file cannot be read
     */
    public void refuseNewer(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) < HEAD) {
                return;
            }
            int found;
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(USER_VERSION);
                found = in.readInt();
            }
            if (found > version()) {
                throw newer(file.toString(), found);
            }
        } catch (IOException e) {
            throw new StoreException(
                    Reason.IO, "the task store %s cannot be read: %s".formatted(file, e), e);
        }
    }

    private StoreException newer(String what, int found) {
        return new StoreException(
                Reason.NEWER_SCHEMA,
                "the task store %s has layout %d, and this version knows %d; it was left as it is. Start the version that wrote it, or restore a backup"
                        .formatted(what, found, version()));
    }

    /**
     * Takes the steps that are missing.
     *
     * @param connection alone on the file, outside of a transaction
     * @param file the store's file
     * @param now the present
     * @param keeper copies the store before an existing one is changed
     * @return whether an existing store was changed
     * @throws SQLException if a step fails; those before it hold
     * @throws StoreException if the store is newer, or its steps are not those of this code
     */
    public boolean apply(Connection connection, Path file, Instant now, Keeper keeper)
            throws SQLException {
        int found = check(connection, file);
        if (found == version()) {
            return false;
        }
        if (found > 0) {
            Path copy = file.resolveSibling(file.getFileName() + ".layout-" + found);
            keeper.keep(connection, copy, found);
            LOG.info("The task store was copied to {} before its layout changes", copy);
        }
        for (Step step : steps.subList(found, version())) {
            take(connection, step, now);
        }
        return found > 0;
    }

    /* The number of steps taken, whose sums are right. */
    private int check(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet tables =
                    statement.executeQuery(
                            "SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'")) {
                if (!tables.next()) {
                    return 0;
                }
            }
            int found = 0;
            try (ResultSet taken =
                    statement.executeQuery(
                            "SELECT version, checksum FROM schema_version ORDER BY version")) {
                while (taken.next()) {
                    found = taken.getInt(1);
                    if (found > version()) {
                        throw newer(file.toString(), found);
                    }
                    if (!Arrays.equals(taken.getBytes(2), steps.get(found - 1).checksum())) {
                        throw new StoreException(
                                Reason.DAMAGED,
                                "step %d of the layout of the task store %s is not the one of this version; start the version that wrote it, or restore a backup"
                                        .formatted(found, file));
                    }
                }
            }
            return found;
        }
    }

    private static void take(Connection connection, Step step, Instant now) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            if (step.version() == 1) {
                statement.executeUpdate(
                        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY,"
                                + " checksum BLOB NOT NULL, applied INTEGER NOT NULL) STRICT");
                statement.executeUpdate("PRAGMA application_id = " + OpenCheck.APPLICATION_ID);
            }
            statement.executeUpdate(step.sql());
            statement.executeUpdate("PRAGMA user_version = " + step.version());
            try (PreparedStatement taken =
                    connection.prepareStatement("INSERT INTO schema_version VALUES (?, ?, ?)")) {
                taken.setInt(1, step.version());
                taken.setBytes(2, step.checksum());
                taken.setLong(3, Micros.of(now));
                taken.executeUpdate();
            }
            connection.commit();
        } catch (SQLException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
