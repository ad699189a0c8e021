// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.fault.BackgroundCheck;
import org.spicetime.runtime.store.fault.DiskSpace;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.Fault;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.fault.OpenCheck;
import org.spicetime.runtime.store.fault.StoreGuard;
import org.spicetime.runtime.store.sqlite.backup.Backup;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;
import org.spicetime.runtime.store.sqlite.migration.Migration;
import org.spicetime.runtime.store.sqlite.migration.Step;
import org.spicetime.runtime.store.sqlite.read.StoreReads;
import org.spicetime.runtime.store.sqlite.row.Micros;
import org.spicetime.runtime.store.sqlite.write.Rooms;
import org.spicetime.runtime.store.sqlite.write.Writer;

/** All that belongs to a store while it is open. Thread-safe. */
final class OpenStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);
    private static final int MOST_WAITING_TASKS = 8192;
    private static final long MOST_WAITING_BYTES = 64L << 20;

    final Path file;
    final StoreFiles files;
    final OpenOptions options;
    final Rooms rooms = new Rooms(MOST_WAITING_TASKS, MOST_WAITING_BYTES);
    final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /* Set once by the constructor, in this order; NullAway sees no further. */
    final StoreGuard guard;
    final Writer writer;
    final StoreReads reads;
    final String engine;
    final OpenReport report;
    volatile @Nullable Instant lastBackup;

    /* Null: the last process closed the store. */
    private @Nullable BackgroundCheck check;

    OpenStore(
            OpenOptions options,
            FaultSettings settings,
            FailStop failStop,
            Function<Path, DiskSpace> disk,
            Tuning tuning) {
        this.options = options;
        Path directory = options.directory();
        files = new StoreFiles(directory);
        file = files.database();
        Migration migration = new Migration(Step.ALL);
        try {
            parts.push(StoreLock.take(files));
            refuseHalfRestored();
            OpenCheck.check(file, files.log());
            migration.refuseNewer(file);
            boolean existed = Files.exists(file) && Files.size(file) > 0;
            guard = new StoreGuard(directory, settings, disk.apply(directory), failStop);
            Connection connection = Database.writer(file);
            parts.push(connection);
            engine = Database.engine(connection);
            Instant now = options.clock().instant();
            boolean migrated =
                    migration.apply(
                            connection,
                            file,
                            now,
                            (from, copy, version) -> Backup.replace(from, copy, version, now));
            Database.log(connection);
            for (String pragma : tuning.pragmas()) {
                Database.tell(connection, pragma);
            }
            boolean clean = begin(connection);
            writer =
                    new Writer(
                            connection,
                            options.clock(),
                            guard,
                            settings.probeEvery().toNanos(),
                            tuning.logPages());
            parts.push(() -> end(connection));
            writer.start();
            parts.push(writer);
            List<OpenReport.Recovery> recoveries = writer.recover();
            reads = new StoreReads(() -> Database.reader(file), guard::unreadable);
            parts.push(reads);
            if (existed && !clean) {
                check = BackgroundCheck.start(() -> Database.reader(file), Files.size(file), guard);
                parts.push(check);
            }
            report = new OpenReport(engine, migration.version(), true, clean, migrated, recoveries);
        } catch (SQLException e) {
            close();
            throw refusal(e);
        } catch (IOException e) {
            close();
            throw new StoreException(
                    Reason.IO, "the task store %s cannot be opened: %s".formatted(file, e), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void refuseHalfRestored() {
        if (Files.exists(files.restoring())) {
            throw new StoreException(
                    Reason.DAMAGED,
                    "the task store in %s was being restored when that ended; restore the backup again"
                            .formatted(files.folder()));
        }
    }

    private StoreException refusal(SQLException e) {
        Fault fault = Fault.of(e);
        Reason reason =
                switch (fault) {
                    case FULL -> Reason.DISK_FULL;
                    case SUSPECT, DAMAGED -> Reason.DAMAGED;
                    default -> Reason.IO;
                };
        return new StoreException(
                reason,
                "the task store %s cannot be opened, %s: %s"
                        .formatted(file, fault.clause(), e.getMessage()),
                e);
    }

    /* Whether the last process closed the store. */
    private boolean begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT clean, last_backup FROM store WHERE id = 1")) {
            if (!row.next()) {
                throw new StoreException(
                        Reason.DAMAGED,
                        "the task store %s lacks its first row; restore a backup".formatted(file));
            }
            boolean clean = row.getInt(1) != 0;
            long backup = row.getLong(2);
            lastBackup = row.wasNull() ? null : Micros.instant(backup);
            mark(connection, 0);
            return clean;
        }
    }

    private static void mark(Connection connection, int clean) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE store SET clean = " + clean + " WHERE id = 1");
        }
    }

    private void end(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            // What was not checked to its end is checked by the next start.
            BackgroundCheck begun = check;
            if (!guard.readOnly() && (begun == null || begun.isFinished())) {
                mark(connection, 1);
            }
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.warn("The task store could not be closed in order: {}", e.toString());
        }
    }

    /** Bytes of the file and its log. */
    long size() {
        return size(file) + size(files.log());
    }

    private static long size(Path of) {
        try {
            return Files.size(of);
        } catch (IOException gone) {
            LOG.debug("{} has no size", of, gone);
            return 0;
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the task store could not be closed: {}", e.toString());
            }
        }
    }
}
