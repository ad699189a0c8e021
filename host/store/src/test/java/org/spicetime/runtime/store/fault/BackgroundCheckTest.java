// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.sqlite.JDBC;

class BackgroundCheckTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StoreGuard guard;

    @BeforeEach
    void makeFile() throws SQLException {
        guard =
                new StoreGuard(
                        directory,
                        FaultSettings.OFF,
                        DiskSpace.of(directory),
                        (what, cause) -> {
                            throw new AssertionError(what, cause);
                        });
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
            statement.execute("CREATE INDEX t_b ON t(b)");
            for (int i = 0; i < 50; i++) {
                statement.execute("INSERT INTO t(b) VALUES ('" + "x".repeat(400) + i + "')");
            }
        }
    }

    @Test
    void a_sound_file_is_healthy_after_the_check() {
        try (BackgroundCheck check = BackgroundCheck.start(this::open, 1, guard)) {
            await();
            assertThat(check.isFinished()).isTrue();
        }
        assertThat(guard.status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(guard.readOnly()).isFalse();
    }

    @Test
    void a_damaged_file_is_told_and_stays_as_it_is() throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 3 * 4096, 3 * 4096 + 200, (byte) 0x55);
        Files.write(file(), bytes);

        try (BackgroundCheck _ = BackgroundCheck.start(this::open, 1, guard)) {
            await();
        }
        assertThat(guard.status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(guard.message()).contains("restore a backup");
        assertThat(file()).hasBinaryContent(bytes);
    }

    @Test
    void a_check_that_could_not_read_is_not_finished() throws InterruptedException {
        CountDownLatch closing = new CountDownLatch(1);
        BackgroundCheck check =
                BackgroundCheck.start(
                        () -> {
                            try {
                                closing.await();
                            } catch (InterruptedException e) {
                                throw new SQLException(e);
                            }
                            return open();
                        },
                        1,
                        guard);
        Thread end = Thread.ofPlatform().start(check::close);
        while (end.getState() != Thread.State.TIMED_WAITING) {
            assertThat(end.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        closing.countDown();
        end.join();
        assertThat(check.isFinished()).isFalse();
        assertThat(guard.status()).isEqualTo(HealthStatus.CHECKING);
    }

    @Test
    void a_check_that_is_ended_early_says_nothing() {
        BackgroundCheck check = BackgroundCheck.start(this::open, 1, guard);
        check.close();
        assertThat(guard.readOnly()).isFalse();
        // A small file may have been read to its end before.
        assertThat(check.isFinished()).isEqualTo(guard.status() != HealthStatus.CHECKING);
    }

    private void await() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (guard.status() == HealthStatus.CHECKING) {
            assertThat(System.nanoTime() - end).as("patience left").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Path file() {
        return directory.resolve("any.db");
    }

    private Connection open() throws SQLException {
        return new JDBC().connect("jdbc:sqlite:" + file(), new Properties());
    }
}
