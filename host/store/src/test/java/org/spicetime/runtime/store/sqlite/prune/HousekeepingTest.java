// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.store.sqlite.BareStore;
import org.spicetime.runtime.store.sqlite.row.Micros;

/** What is forgotten, and what stays. */
class HousekeepingTest {

    private static final DomainId DOMAIN = DomainId.of("a");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final long OLD = Micros.of(NOW.minus(Housekeeping.KEPT)) - 1;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private interface Doing {
        void with(Connection connection, Statement statement) throws Exception;
    }

    private void inStore(int keys, Doing doing) throws Exception {
        Path file = directory.resolve("tasks.db");
        BareStore.create(file, keys);
        try (Connection connection = BareStore.connect(file.toString());
                Statement statement = connection.createStatement()) {
            doing.with(connection, statement);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (var row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }

    @Test
    void oldPurgesAreForgottenByRaisingTheFloor() throws Exception {
        inStore(
                0,
                (connection, statement) -> {
                    statement.execute(
                            "INSERT INTO lease VALUES ('a', x'00', 1, 'h', x'00', 5000, 0),"
                                    + " ('b', x'00', 1, 'h', x'00', 9, 0)");
                    statement.execute("BEGIN");
                    for (int i = 1; i <= 1200; i++) {
                        long at = i <= 1100 ? OLD : OLD + 2;
                        statement.execute(
                                "INSERT INTO tombstone VALUES ('a', %d, x'00', %d)"
                                        .formatted(i * 2, at));
                    }
                    statement.execute("INSERT INTO tombstone VALUES ('b', 1, x'00', 0)");
                    statement.execute("COMMIT");
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isEqualTo(500);
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isEqualTo(500);
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isEqualTo(100);
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isZero();
                    assertThat(number(statement, "SELECT floor_seq FROM lease WHERE domain = 'a'"))
                            .isEqualTo(2200);
                    assertThat(number(statement, "SELECT floor_seq FROM lease WHERE domain = 'b'"))
                            .isZero();
                    assertThat(number(statement, "SELECT count(*) FROM tombstone")).isEqualTo(101);
                });
    }

    @Test
    void oldKeysAreForgottenAndYoungOnesStay() throws Exception {
        inStore(
                700,
                (connection, statement) -> {
                    statement.execute(
                            "UPDATE idempotency SET created = "
                                    + (OLD + 2)
                                    + " WHERE created > 600");
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isEqualTo(500);
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isEqualTo(100);
                    assertThat(Housekeeping.forget(connection, DOMAIN, NOW)).isZero();
                    assertThat(number(statement, "SELECT count(*) FROM idempotency"))
                            .isEqualTo(100);
                });
    }

    @Test
    void freePagesGoBackToTheDiskUntilFewAreLeft() throws Exception {
        inStore(
                150_000,
                (connection, statement) -> {
                    statement.execute("DELETE FROM idempotency");
                    statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                    Path file = directory.resolve("tasks.db");
                    long full = Files.size(file);
                    while (Housekeeping.shrink(connection) > 0) {
                        // on until few are left
                    }
                    statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                    assertThat(number(statement, "PRAGMA freelist_count")).isEqualTo(2048);
                    assertThat(Files.size(file)).isLessThan(full);
                });
    }
}
