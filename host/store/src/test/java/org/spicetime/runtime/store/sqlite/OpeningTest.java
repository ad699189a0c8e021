// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.sqlite.backup.Backup;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;
import org.spicetime.runtime.store.sqlite.migration.Migration;
import org.spicetime.runtime.store.sqlite.migration.Step;

final class OpeningTest {

    private static final HostRef HOST = new HostRef("h", new UUID(1, 2));
    private static final DomainId DOMAIN = DomainId.of("d");
    private static final Duration VALID = Duration.ofMinutes(1);

    @TempDir private Path directory;

    private static SqliteTaskStore store() {
        return new SqliteTaskStore(
                FaultSettings.OFF,
                (what, cause) -> {
                    throw new AssertionError(what, cause);
                });
    }

    private static OpenReport open(SqliteTaskStore store, Path in) {
        return store.open(new OpenOptions(in, HOST, InstantSource.system()));
    }

    private static void refused(Path in, Reason reason) {
        SqliteTaskStore store = store();
        Assertions.assertThatThrownBy(() -> open(store, in))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
        store.close();
    }

    @Test
    void aStoreIsOpenInOnePlaceOnly() {
        try (SqliteTaskStore first = store()) {
            assertThat(open(first, directory).durable()).isTrue();
            refused(directory, Reason.LOCKED);
        }
        try (SqliteTaskStore second = store()) {
            assertThat(open(second, directory).cleanStop()).isTrue();
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        refused(Files.createFile(directory.resolve("file")), Reason.IO);
    }

    @Test
    void aStoreOfANewerVersionIsLeftAsItIs() throws IOException {
        try (SqliteTaskStore store = store()) {
            open(store, directory);
        }
        Path file = new StoreFiles(directory).database();
        try (RandomAccessFile head = new RandomAccessFile(file.toFile(), "rw")) {
            head.seek(60);
            head.writeInt(99);
        }
        byte[] before = Files.readAllBytes(file);
        refused(directory, Reason.NEWER_SCHEMA);
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void aForeignFileIsLeftAsItIs() throws IOException, SQLException {
        Path file = new StoreFiles(directory).database();
        try (Connection foreign = BareStore.connect(file.toString());
                Statement statement = foreign.createStatement()) {
            statement.execute("CREATE TABLE theirs (x)");
        }
        byte[] before = Files.readAllBytes(file);
        refused(directory, Reason.DAMAGED);
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void filesCopiedWhileTheStoreWorksAreThoseOfAProcessThatDied(@TempDir Path copy)
            throws IOException {
        Lease lease;
        try (SqliteTaskStore store = store()) {
            open(store, directory);
            lease = store.acquire(DOMAIN, HOST, VALID);
            for (Path file :
                    List.of(
                            new StoreFiles(directory).database(),
                            new StoreFiles(directory).log())) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        try (SqliteTaskStore after = store()) {
            assertThat(open(after, copy).cleanStop()).isFalse();
            Lease next = after.acquire(DOMAIN, HOST, VALID);
            assertThat(next.incarnation()).isEqualTo(lease.incarnation());
            assertThat(next.epoch()).isEqualTo(2);
        }
    }

    private static void keep(Connection connection, Path copy, int version) {
        Backup.replace(connection, copy, version, Instant.EPOCH);
    }

    @Test
    void aLayoutStaysAsItIsWhenItsCopyIsNotWhole() throws SQLException {
        Path file = directory.resolve("x.db");
        List<Step> steps = new ArrayList<>(Step.ALL);
        try (Connection connection = Database.writer(file)) {
            new Migration(steps).apply(connection, file, Instant.EPOCH, OpeningTest::keep);
            steps.add(new Step(steps.size() + 1, "CREATE TABLE later (x INTEGER) STRICT;"));
            Assertions.assertThatThrownBy(() ->
                            new Migration(steps)
                                    .apply(
                                            connection,
                                            file,
                                            Instant.EPOCH,
                                            (from, copy, version) -> {
                                                // A copy of a later layout is refused.
                                                keep(from, copy, version - 1);
                                            }))
                    .isInstanceOf(StoreException.class);
        }
        assertThat(directory.resolve("x.db.layout-" + Step.ALL.size())).doesNotExist();
        assertThat(
                        BareStore.number(
                                file, "SELECT count(*) FROM sqlite_schema WHERE name = 'later'"))
                .isZero();
    }

    @Test
    void aStepIsTakenOnceAndTheStoreIsCopiedBeforeIt() throws SQLException {
        Path file = directory.resolve("x.db");
        List<Step> steps = new ArrayList<>(Step.ALL);
        try (Connection connection = Database.writer(file)) {
            assertThat(
                            new Migration(steps)
                                    .apply(connection, file, Instant.EPOCH, OpeningTest::keep))
                    .isFalse();
            int before = steps.size();
            steps.add(new Step(before + 1, "CREATE TABLE later (x INTEGER) STRICT;"));
            Migration migration = new Migration(steps);
            assertThat(migration.apply(connection, file, Instant.EPOCH, OpeningTest::keep))
                    .isTrue();
            assertThat(directory.resolve("x.db.layout-" + before)).exists();
            assertThat(migration.apply(connection, file, Instant.EPOCH, OpeningTest::keep))
                    .isFalse();
            steps.set(before, new Step(before + 1, "CREATE TABLE other (x INTEGER) STRICT;"));
            Assertions.assertThatThrownBy(() ->
                            new Migration(steps)
                                    .apply(connection, file, Instant.EPOCH, OpeningTest::keep))
                    .isInstanceOf(StoreException.class);
        }
        assertThat(BareStore.number(file, "SELECT count(*) FROM later")).isZero();
    }

    @Test
    void aStepThatFailsLeavesNothing() throws SQLException {
        Path file = directory.resolve("x.db");
        List<Step> steps = new ArrayList<>(Step.ALL);
        steps.add(
                new Step(
                        steps.size() + 1, "CREATE TABLE half (x INTEGER) STRICT; CREATE nothing;"));
        try (Connection connection = Database.writer(file)) {
            Assertions.assertThatThrownBy(() ->
                            new Migration(steps)
                                    .apply(connection, file, Instant.EPOCH, OpeningTest::keep))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(BareStore.number(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"))
                .isZero();
        assertThat(BareStore.number(file, "SELECT max(version) FROM schema_version"))
                .isEqualTo(Step.ALL.size());
    }
}
