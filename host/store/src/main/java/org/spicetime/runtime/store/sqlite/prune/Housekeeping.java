// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.prune;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.store.sqlite.row.Micros;

/**
 * Forgets idempotency keys and purges that nobody can ask for any more, and gives free pages back
 * to the disk. Called by the writer's thread.
 */
public final class Housekeeping {

    /** How long a key is kept, and a purge is told to those who resume. */
    public static final Duration KEPT = Duration.ofHours(24);

    private static final int STEP = 500;

    /** Free pages that stay for what comes next, so that the file does not breathe: 8 MB. */
    private static final int SPARE_PAGES = 2048;

    static final String LAST_OLD_PURGE =
            "SELECT max(changed_seq) FROM (SELECT changed_seq, at FROM tombstone"
                    + " WHERE domain = ? ORDER BY changed_seq LIMIT ?) WHERE at < ?";

    static final String FORGET_PURGES =
            "DELETE FROM tombstone WHERE domain = ? AND changed_seq <= ?";

    static final String RAISE_FLOOR = "UPDATE lease SET floor_seq = ? WHERE domain = ?";

    /* The key of an unfinished task stays, however old it is. */
    static final String FORGET_KEYS =
            "DELETE FROM idempotency WHERE (domain, key) IN (SELECT old.domain, old.key"
                    + " FROM idempotency old INDEXED BY idem_age WHERE old.created < ?"
                    + " AND NOT EXISTS (SELECT 1 FROM task WHERE task.uid = old.uid"
                    + " AND task.phase < 10) ORDER BY old.created LIMIT ?)";

    private static final List<String> ALL =
            List.of(LAST_OLD_PURGE, FORGET_PURGES, RAISE_FLOOR, FORGET_KEYS);

    private Housekeeping() {}

    /**
     * The statements, for the test of their plans.
     *
     * @return all of them
     */
    public static List<String> statements() {
        return ALL;
    }

    /**
     * Forgets some old purges of a domain and some old keys.
     *
     * @param writer the connection that writes, in a transaction
     * @param domain the domain
     * @param now the present
     * @return how many were forgotten; 0: nothing is left to forget
     * @throws SQLException if the engine fails
     */
    public static int forget(Connection writer, DomainId domain, Instant now) throws SQLException {
        long before = Micros.of(now.minus(KEPT));
        return forgetPurges(writer, domain, before) + forgetKeys(writer, before);
    }

    private static int forgetPurges(Connection writer, DomainId domain, long before)
            throws SQLException {
        long last;
        try (PreparedStatement old = writer.prepareStatement(LAST_OLD_PURGE)) {
            old.setString(1, domain.value());
            old.setInt(2, STEP);
            old.setLong(3, before);
            try (ResultSet row = old.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
                last = row.getLong(1);
                if (row.wasNull()) {
                    return 0;
                }
            }
        }
        try (PreparedStatement raise = writer.prepareStatement(RAISE_FLOOR)) {
            raise.setLong(1, last);
            raise.setString(2, domain.value());
            raise.executeUpdate();
        }
        try (PreparedStatement forget = writer.prepareStatement(FORGET_PURGES)) {
            forget.setString(1, domain.value());
            forget.setLong(2, last);
            return forget.executeUpdate();
        }
    }

    private static int forgetKeys(Connection writer, long before) throws SQLException {
        try (PreparedStatement forget = writer.prepareStatement(FORGET_KEYS)) {
            forget.setLong(1, before);
            forget.setInt(2, STEP);
            return forget.executeUpdate();
        }
    }

    /**
     * Gives some free pages back to the disk, if there are many.
     *
     * @param writer the connection that writes, in no transaction
     * @return pages given back; 0: there are few
     * @throws SQLException if the engine fails
     */
    public static long shrink(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            long free = free(statement);
            if (free <= SPARE_PAGES) {
                return 0;
            }
            long most = Math.min(STEP, free - SPARE_PAGES);
            statement.executeUpdate("PRAGMA incremental_vacuum(" + most + ")");
            return free - free(statement);
        }
    }

    private static long free(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA freelist_count")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
