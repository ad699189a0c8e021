// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class WalCheckTest {

    private static final int HEAD = 32;
    private static final int FRAME = 24 + 4096;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private byte[] log;

    /** A log of six commits, each of one frame or more, as it lies beside an open file. */
    @BeforeEach
    void writeLog() throws SQLException, IOException {
        Path file = directory.resolve("any.db");
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=4096");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE t(a)");
            for (int i = 0; i < 5; i++) {
                statement.execute("INSERT INTO t VALUES (zeroblob(3000))");
            }
            log = Files.readAllBytes(directory.resolve("any.db-wal"));
        }
        assertThat(frames()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void a_sound_log_is_sound_and_so_is_none() throws IOException {
        assertThat(check(log)).isNull();
        assertThat(check(new byte[0])).isNull();
        assertThat(WalCheck.damage(directory.resolve("no.db-wal"))).isNull();
    }

    @Test
    void a_log_that_was_cut_anywhere_is_an_unfinished_commit() throws IOException {
        for (int length = 0; length <= log.length; length += 97) {
            assertThat(check(Arrays.copyOf(log, length))).as("cut at %d", length).isNull();
        }
    }

    @Test
    void a_last_commit_that_did_not_arrive_is_no_damage() throws IOException {
        byte[] torn = log.clone();
        Arrays.fill(torn, log.length - 2048, log.length, (byte) 0);

        assertThat(check(torn)).isNull();
    }

    @Test
    void a_flipped_bit_before_the_last_commits_is_found() throws IOException {
        for (int frame = 0; frame < frames() - 3; frame++) {
            for (int at : new int[] {5, 17, 24, 1000, FRAME - 1}) {
                byte[] flipped = log.clone();
                flipped[HEAD + frame * FRAME + at] ^= 4;
                assertThat(check(flipped))
                        .as("frame %d, byte %d", frame + 1, at)
                        .startsWith("its frame " + (frame + 1) + " is damaged");
            }
        }
    }

    @Test
    void a_flipped_bit_in_the_head_is_found() throws IOException {
        for (int at = 0; at < HEAD; at++) {
            byte[] flipped = log.clone();
            flipped[at] ^= 64;
            assertThat(check(flipped)).as("byte %d", at).contains("commits lie behind it");
        }
    }

    private int frames() {
        return (log.length - HEAD) / FRAME;
    }

    private @Nullable String check(byte[] content) throws IOException {
        return WalCheck.damage(Files.write(directory.resolve("copy.db-wal"), content));
    }
}
