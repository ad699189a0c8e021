// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.sqlite.BareStore;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;

/** Copies of a store, and the way back. */
class BackupTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final int VERSION = Restore.NEWEST_VERSION;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private StoreFiles files;
    private Path copy;

    @BeforeEach
    void makeStore() throws Exception {
        files = new StoreFiles(Files.createDirectories(directory.resolve("instance/store")));
        BareStore.create(files.database(), 2000);
        copy = directory.resolve("copy.db");
    }

    private BackupReport take(Path to) throws Exception {
        try (Connection connection = BareStore.connect(files.database().toString())) {
            return Backup.take(connection, to, VERSION, NOW);
        }
    }

    private static void refused(Reason reason, ThrowingCallable doing) {
        assertThatThrownBy(doing)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static long keys(Path file) throws Exception {
        return BareStore.number(file, "SELECT count(*) FROM idempotency");
    }

    @Test
    void aBackupHoldsWhatTheStoreHeldAndTellsItsSum() throws Exception {
        BackupReport report = take(copy);
        assertThat(report.file()).isEqualTo(copy);
        assertThat(report.sizeBytes()).isEqualTo(Files.size(copy));
        assertThat(report.sha256()).isEqualTo(SyncedFiles.sha256(copy));
        assertThat(report.takenAt()).isEqualTo(NOW);
        assertThat(keys(copy)).isEqualTo(2000);
        assertThat(BareStore.number(copy, "SELECT copied FROM store")).isEqualTo(1);
        assertThat(BareStore.number(files.database(), "SELECT copied FROM store")).isZero();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(file -> file.toString().contains("part"))).isEmpty();
        }
    }

    @Test
    void aBackupIsOfOneMomentWhileOthersWrite() throws Exception {
        try (Connection writer = BareStore.connect(files.database().toString());
                Statement write = writer.createStatement()) {
            write.execute("BEGIN IMMEDIATE");
            write.execute("DELETE FROM idempotency WHERE created > 500");
            take(copy);
            write.execute("COMMIT");
        }
        assertThat(keys(copy)).isEqualTo(2000);
        assertThat(keys(files.database())).isEqualTo(500);
    }

    @Test
    void aBackupReplacesNothing() throws Exception {
        Files.writeString(copy, "precious");
        refused(Reason.IO, () -> take(copy));
        assertThat(copy).hasContent("precious");
        refused(Reason.IO, () -> take(directory.resolve("no/such/folder.db")));
    }

    @Test
    void nothingIsLeftOfACopyThatIsDamaged() throws Exception {
        try (Connection connection = BareStore.connect(files.database().toString());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        scramble(files.database());
        refused(Reason.DAMAGED, () -> take(copy));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve("instance"));
        }
    }

    /* The middle of a file of many pages. */
    private static void scramble(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() / 2 / 4096 * 4096);
            bytes.write(new byte[4096 * 3]);
        }
    }

    private Restore restore() {
        return new Restore(files.folder(), VERSION);
    }

    private Map<String, String> sums() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> all = Files.list(files.folder())) {
            for (Path file : all.filter(each -> !each.equals(files.lock())).toList()) {
                sums.put(
                        String.valueOf(file.getFileName()),
                        Files.isDirectory(file) ? "" : SyncedFiles.sha256(file));
            }
        }
        return sums;
    }

    @Test
    void aRestoredStoreIsThatOfTheBackupAndMarkedAsACopy() throws Exception {
        take(copy);
        String sum = SyncedFiles.sha256(copy);
        try (Connection writer = BareStore.connect(files.database().toString());
                Statement write = writer.createStatement()) {
            write.execute("DELETE FROM idempotency");
        }
        Restore.Restored restored = restore().from(copy, NOW);
        assertThat(keys(files.database())).isEqualTo(2000);
        assertThat(BareStore.number(files.database(), "SELECT copied FROM store")).isEqualTo(1);
        assertThat(SyncedFiles.sha256(copy)).as("the backup is only read").isEqualTo(sum);
        assertThat(files.restoring()).doesNotExist();
        Path former = Objects.requireNonNull(restored.former());
        assertThat(former).isEqualTo(files.folder().resolve("before-restore-20300101T000000Z"));
        assertThat(keys(new StoreFiles(former).database())).isZero();
        assertThat(restore().from(copy, NOW).former())
                .isEqualTo(files.folder().resolve("before-restore-20300101T000000Z-2"));
    }

    @Test
    void theLogOfTheFormerStoreGoesWithIt() throws Exception {
        take(copy);
        Files.writeString(files.log(), "left by a host that died");
        Restore.Restored restored = restore().from(copy, NOW);
        assertThat(files.log()).doesNotExist();
        assertThat(new StoreFiles(Objects.requireNonNull(restored.former())).log()).exists();
        assertThat(keys(files.database())).isEqualTo(2000);
    }

    @Test
    void aRestoreIntoAnEmptyFolderHasNothingToKeep() throws Exception {
        take(copy);
        Path empty = directory.resolve("other/store");
        assertThat(new Restore(empty, VERSION).from(copy, NOW).former()).isNull();
        assertThat(keys(new StoreFiles(empty).database())).isEqualTo(2000);
    }

    @Test
    void whatIsNoSoundBackupLeavesTheStoreAsItIs() throws Exception {
        take(copy);
        Map<String, String> before = sums();
        bad(Reason.IO, file -> {}, "missing");
        bad(Reason.DAMAGED, file -> write(file, ""), "empty");
        bad(Reason.DAMAGED, file -> write(file, "no database at all, but some text"), "text");
        bad(
                Reason.DAMAGED,
                file -> {
                    copyTo(file);
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(channel.size() / 2);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                "truncated");
        bad(
                Reason.DAMAGED,
                file -> {
                    copyTo(file);
                    try {
                        scramble(file);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                "scrambled");
        bad(Reason.DAMAGED, file -> change(file, "PRAGMA application_id = 7"), "foreign database");
        bad(
                Reason.NEWER_SCHEMA,
                file -> change(file, "INSERT INTO schema_version VALUES (99, x'00', 0)"),
                "newer");
        assertThat(sums()).isEqualTo(before);
    }

    private void bad(Reason reason, Consumer<Path> making, String what) {
        Path file = directory.resolve("bad " + what + ".db");
        making.accept(file);
        refused(reason, () -> restore().from(file, NOW));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void copyTo(Path file) {
        try {
            Files.copy(copy, file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void change(Path file, String sql) {
        copyTo(file);
        try (Connection connection = BareStore.connect(file.toString());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anOpenStoreIsNotReplaced() throws Exception {
        take(copy);
        Map<String, String> before = sums();
        try (FileChannel lock =
                        FileChannel.open(
                                files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            assertThat(held.isValid()).isTrue();
            refused(Reason.LOCKED, () -> restore().from(copy, NOW));
        }
        assertThat(sums()).isEqualTo(before);
    }

    @Test
    void aRestoreThatWasInterruptedIsCompletedByAnother() throws Exception {
        take(copy);
        Files.writeString(files.restoring(), "interrupted");
        Files.delete(files.database());
        restore().from(copy, NOW);
        assertThat(files.restoring()).doesNotExist();
        assertThat(keys(files.database())).isEqualTo(2000);
    }

    @Test
    void theCommandSaysWhatItDid() throws Exception {
        take(copy);
        Path instance = directory.resolve("instance");
        assertThat(command(0, copy.toString(), instance.toString()))
                .startsWith("restored " + copy + "; the former store is in ");
        assertThat(command(1, directory.resolve("none").toString(), instance.toString()))
                .isEqualTo("domain-runtime: " + directory.resolve("none") + " is not a file.\n");
        assertThat(command(1, copy.toString(), directory.resolve("none").toString()))
                .contains("no instance directory");
        assertThat(command(2, copy.toString())).contains("needs a backup");
        try (FileChannel lock =
                        FileChannel.open(
                                instance.resolve(".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var held = lock.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(command(1, copy.toString(), instance.toString()))
                    .contains("a host serves")
                    .contains("stop it first");
        }
    }

    private static String command(int code, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(RestoreCommand.run(words, to, to)).as(List.of(words).toString()).isEqualTo(code);
        return said.toString(StandardCharsets.UTF_8);
    }
}
