// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;
import org.spicetime.runtime.store.sqlite.migration.Step;
import org.sqlite.JDBC;

/**
 * Puts a backup in the place of a store that no process has open. The backup is checked, copied and
 * checked again before anything is moved; the former store is kept in a folder beside. A marker
 * file stands while files are moved: a host refuses to open the store then, and a repeated restore
 * completes the work. Called by one thread at a time.
 */
public final class Restore {

    /** Newest version of the layout that this code knows. */
    static final int NEWEST_VERSION = Step.ALL.size();

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final StoreFiles files;
    private final int newestVersion;

    /**
     * For the store of a folder.
     *
     * @param folder the store's folder; made if there is none
     * @param newestVersion newest version of the layout that this code knows
     */
    public Restore(Path folder, int newestVersion) {
        this.folder = folder;
        this.files = new StoreFiles(folder);
        this.newestVersion = newestVersion;
    }

    /**
     * What was done. Immutable.
     *
     * @param former where the former store is now; null: there was none
     * @param version version of the layout of the restored store
     */
    public record Restored(@Nullable Path former, int version) {}

    /**
     * Restores a backup.
     *
     * @param backup the backup, which is only read
     * @param now the present, for the name of the folder of the former store
     * @return what was done
     * @throws StoreException if a process has the store open, the backup is missing, foreign, newer
     *     or damaged, or files cannot be moved
     */
    public Restored from(Path backup, Instant now) {
        int version = CopyCheck.check(backup, newestVersion);
        try {
            Files.createDirectories(folder);
            try (FileChannel lock = lock()) {
                return replace(backup, version, now, lock);
            }
        } catch (IOException failed) {
            throw new StoreException(
                    Reason.IO, "the backup was not restored: " + failed.getMessage(), failed);
        }
    }

    private FileChannel lock() throws IOException {
        FileChannel channel =
                FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new StoreException(
                    Reason.LOCKED, "a process has the store in " + folder + " open; stop it first");
        }
        return channel;
    }

    private Restored replace(Path backup, int version, Instant now, FileChannel lock)
            throws IOException {
        if (!lock.isOpen()) {
            throw new IOException("the lock of " + folder + " was lost");
        }
        Path copy = folder.resolve("restoring.db");
        Files.deleteIfExists(copy);
        try {
            Files.copy(backup, copy);
            mark(copy);
            CopyCheck.check(copy, newestVersion);
            SyncedFiles.syncFile(copy);
            Files.writeString(files.restoring(), backup + "\n");
            SyncedFiles.syncFile(files.restoring());
            SyncedFiles.syncFolder(folder);
            Path former = moveAside(now);
            SyncedFiles.rename(copy, files.database());
            Files.delete(files.restoring());
            SyncedFiles.syncFolder(folder);
            return new Restored(former, version);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /* A copy made by other means than a backup is one too. */
    private static void mark(Path copy) throws IOException {
        try (Connection connection =
                        JDBC.createConnection("jdbc:sqlite:" + copy, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE store SET copied = 1, clean = 1");
        } catch (SQLException failed) {
            throw new IOException(copy + " cannot be written: " + failed.getMessage(), failed);
        }
    }

    private @Nullable Path moveAside(Instant now) throws IOException {
        Path aside = null;
        for (Path file : files.all()) {
            if (Files.exists(file)) {
                if (aside == null) {
                    aside = Files.createDirectory(newFolder(now));
                }
                Files.move(file, aside.resolve(file.getFileName()));
            }
        }
        if (aside != null) {
            SyncedFiles.syncFolder(aside);
            SyncedFiles.syncFolder(folder);
        }
        return aside;
    }

    private Path newFolder(Instant now) {
        String name = "before-restore-" + STAMP.format(now);
        Path free = folder.resolve(name);
        for (int i = 2; Files.exists(free); i++) {
            free = folder.resolve(name + "-" + i);
        }
        return free;
    }
}
