// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.store.StoreException;
import org.sqlite.JDBC;

class OpenCheckTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void no_file_and_an_empty_file_will_become_a_store() throws IOException {
        assertThatCode(() -> check("any.db")).doesNotThrowAnyException();
        Files.createFile(directory.resolve("any.db"));
        assertThatCode(() -> check("any.db")).doesNotThrowAnyException();
    }

    @Test
    void a_file_of_ours_is_taken() throws Exception {
        make(OpenCheck.APPLICATION_ID);
        assertThatCode(() -> check("any.db")).doesNotThrowAnyException();
    }

    @Test
    void what_is_no_database_is_refused_and_stays_as_it_is() throws IOException {
        for (String content : new String[] {"x", "a letter to a friend, ".repeat(900)}) {
            Path file = Files.writeString(directory.resolve("any.db"), content);
            refused(StoreException.Reason.DAMAGED, "is not a task store", "left as it is");
            assertThat(file).hasContent(content);
            assertThat(directory).isDirectoryNotContaining("glob:**any.db-*");
        }
    }

    @Test
    void a_database_of_another_program_is_refused() throws Exception {
        make(0);
        refused(StoreException.Reason.DAMAGED, "is not a task store");
    }

    @Test
    void a_truncated_store_is_refused() throws Exception {
        make(OpenCheck.APPLICATION_ID);
        Path file = directory.resolve("any.db");
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 4096));
        refused(
                StoreException.Reason.DAMAGED,
                "truncated: it has %d of %d bytes".formatted(all.length - 4096, all.length));
        assertThat(file).hasSize(all.length - 4096L);
    }

    @Test
    void a_directory_that_cannot_be_written_is_refused() throws IOException {
        Path none = directory.resolve("none");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> OpenCheck.directory(none))
                .withMessageContaining("cannot be written");
        assumeFalse(
                "root".equals(System.getProperty("user.name")),
                "needs a user who is bound by file permissions; root may write everywhere");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> OpenCheck.directory(directory))
                .withMessageContaining("cannot be written");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void make(int applicationId) throws SQLException {
        try (Connection connection =
                        new JDBC()
                                .connect(
                                        "jdbc:sqlite:" + directory.resolve("any.db"),
                                        new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA application_id=" + applicationId);
            statement.execute("CREATE TABLE t(a)");
            statement.execute("INSERT INTO t VALUES (zeroblob(20000))");
        }
    }

    private void check(String name) {
        OpenCheck.check(directory.resolve(name), directory.resolve(name + "-wal"));
    }

    private void refused(StoreException.Reason reason, String... words) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> check("any.db"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain("\n"));
    }
}
