// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Copies a store and checks the copy. Called by one thread at a time. */
public final class Backup {

    private Backup() {}

    /**
     * Copies the store as it is at one moment; others may go on writing. The copy is marked as one:
     * whoever opens it draws new incarnations, so that nothing issued by the original fits it.
     *
     * @param connection a connection of its own, in no transaction, which may create files
     * @param file the copy; must not exist, its folder must
     * @param version version of the store's layout
     * @param takenAt the present
     * @return what was written
     * @throws StoreException if there is no room, or the copy could not be made or is damaged;
     *     nothing is left of it
     */
    public static BackupReport take(
            Connection connection, Path file, int version, Instant takenAt) {
        return take(connection, file, version, takenAt, false);
    }

    /**
     * Copies a store as {@link #take} does; a file of that name stays until the new copy is whole.
     *
     * @param connection as there
     * @param file the copy
     * @param version as there
     * @param takenAt the present
     * @return what was written
     * @throws StoreException as there, but for a file that exists
     */
    public static BackupReport replace(
            Connection connection, Path file, int version, Instant takenAt) {
        return take(connection, file, version, takenAt, true);
    }

    private static BackupReport take(
            Connection connection, Path file, int version, Instant takenAt, boolean replace) {
        long start = System.nanoTime();
        Path folder = SyncedFiles.folderOf(file);
        if (!replace && Files.exists(file)) {
            throw new StoreException(Reason.IO, file + " exists; name another file");
        }
        if (!Files.isDirectory(folder)) {
            throw new StoreException(Reason.IO, "there is no folder " + folder);
        }
        Path half = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            copy(connection, half);
            CopyCheck.check(half, version);
            SyncedFiles.syncFile(half);
            String sha256 = SyncedFiles.sha256(half);
            long size = Files.size(half);
            if (!replace && Files.exists(file)) {
                throw new StoreException(
                        Reason.IO, file + " was created meanwhile; name another file");
            }
            SyncedFiles.rename(half, file);
            return new BackupReport(
                    file, size, sha256, takenAt, Duration.ofNanos(System.nanoTime() - start));
        } catch (SQLException | IOException failed) {
            throw failed(file, failed);
        } finally {
            remove(half);
        }
    }

    private static void copy(Connection connection, Path half) throws SQLException {
        try (PreparedStatement into = connection.prepareStatement("VACUUM INTO ?")) {
            into.setString(1, half.toString());
            into.execute();
        }
        try (Connection copy = JDBC.createConnection("jdbc:sqlite:" + half, new Properties());
                Statement mark = copy.createStatement()) {
            mark.execute("UPDATE store SET copied = 1, clean = 1");
        }
    }

    private static StoreException failed(Path file, Exception failed) {
        Reason reason =
                switch (failed) {
                    case SQLiteException ours
                            when ours.getResultCode() == SQLiteErrorCode.SQLITE_FULL ->
                            Reason.DISK_FULL;
                    case SQLiteException ours
                            when ours.getResultCode().name().startsWith("SQLITE_CORRUPT") ->
                            Reason.DAMAGED;
                    default -> Reason.IO;
                };
        return new StoreException(
                reason, "no copy to " + file + ": " + failed.getMessage(), failed);
    }

    private static void remove(Path half) {
        try {
            Files.deleteIfExists(half);
            Files.deleteIfExists(half.resolveSibling(half.getFileName() + "-journal"));
        } catch (IOException left) {
            throw new StoreException(
                    Reason.IO, "remove " + half + " by hand: " + left.getMessage(), left);
        }
    }
}
