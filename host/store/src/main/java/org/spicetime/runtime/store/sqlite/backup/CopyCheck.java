// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.fault.OpenCheck;
import org.sqlite.JDBC;

/** Whether a file is a whole copy of a store that this code can read. Thread-safe. */
final class CopyCheck {

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private CopyCheck() {}

    /**
     * Reads all of a copy without changing it.
     *
     * @param file the copy
     * @param newestVersion newest version of the layout that this code knows
     * @return version of the copy's layout
     * @throws StoreException if it is missing, foreign, newer, or damaged
     */
    static int check(Path file, int newestVersion) {
        header(file);
        Properties readOnly = new Properties();
        readOnly.setProperty("open_mode", "1");
        try (Connection connection =
                        JDBC.createConnection(
                                "jdbc:sqlite:file:" + uri(file) + "?immutable=1", readOnly);
                Statement statement = connection.createStatement()) {
            long id = number(statement, "PRAGMA application_id");
            if (id != OpenCheck.APPLICATION_ID) {
                throw new StoreException(
                        Reason.DAMAGED,
                        "%s is a database, but not a store of tasks (its application id is %d)"
                                .formatted(file, id));
            }
            long version = number(statement, "SELECT max(version) FROM schema_version");
            if (version > newestVersion) {
                throw new StoreException(
                        Reason.NEWER_SCHEMA,
                        "%s has layout %d, this release knows %d at most; use the release that wrote it"
                                .formatted(file, version, newestVersion));
            }
            if (version < 1) {
                throw damaged(file, "it names no version of its layout", null);
            }
            try (ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
                String verdict = result.next() ? result.getString(1) : "nothing was told";
                if (!verdict.equals("ok")) {
                    throw damaged(file, verdict.lines().findFirst().orElse(verdict), null);
                }
            }
            return (int) version;
        } catch (SQLException unreadable) {
            throw damaged(file, String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    private static void header(Path file) {
        byte[] start = new byte[MAGIC.length];
        try {
            if (!Files.isRegularFile(file)) {
                throw new StoreException(Reason.IO, file + " is not a file");
            }
            try (var in = Files.newInputStream(file)) {
                if (in.readNBytes(start, 0, start.length) < start.length
                        || !Arrays.equals(start, MAGIC)) {
                    throw new StoreException(
                            Reason.DAMAGED, file + " is not a database, so no store of tasks");
                }
            }
        } catch (IOException unreadable) {
            throw new StoreException(
                    Reason.IO, file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static String uri(Path file) {
        return file.toAbsolutePath().toUri().getRawPath();
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private static StoreException damaged(Path file, String what, @Nullable Throwable cause) {
        return new StoreException(Reason.DAMAGED, file + " is damaged: " + what, cause);
    }
}
