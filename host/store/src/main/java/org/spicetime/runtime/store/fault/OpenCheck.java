// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;

/**
 * Looks at the files of a store before the engine touches them, so that what is refused stays as it
 * is: the engine would create files beside a foreign one, and take a damaged log for a shorter one.
 * The format is that of SQLite, "Database File Format", section 1.3. Thread-safe.
 */
public final class OpenCheck {

    /** What our files carry as application id: "SpTm". */
    public static final int APPLICATION_ID = 0x5370546d;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEAD = 100;
    private static final int SCHEMA_COOKIE = 40;
    private static final int OWNER = 68;
    private static final int LARGEST_PAGE = 65536;

    private OpenCheck() {}

    /**
     * Refuses what is no store, truncated, or has a damaged log. A file that does not exist or is
     * empty will become a store.
     *
     * @param file the store's file
     * @param log its write-ahead log
     * @throws StoreException DAMAGED, or IO if it cannot be read or written
     */
    public static void check(Path file, Path log) {
        try {
            String problem = problem(file, log);
            if (problem != null) {
                throw new StoreException(Reason.DAMAGED, problem);
            }
        } catch (IOException e) {
            throw new StoreException(
                    Reason.IO, "the task store %s cannot be read: %s".formatted(file, e), e);
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new StoreException(
                    Reason.IO,
                    "the task store %s cannot be written; give the host the right to"
                            .formatted(file));
        }
    }

    /**
     * Refuses a directory in which a store cannot live.
     *
     * @param directory the store's directory
     * @throws StoreException IO if it is not there or cannot be written
     */
    public static void directory(Path directory) {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new StoreException(
                    Reason.IO,
                    "the directory %s of the task store cannot be written; give the host the right to, or start it with another data directory"
                            .formatted(directory));
        }
    }

    /* Until it writes a log, the first words of a new file are guarded by a journal. */
    private static boolean isBeingMade(Path file) throws IOException {
        Path journal = file.resolveSibling(file.getFileName() + "-journal");
        return Files.exists(journal) && Files.size(journal) > 0;
    }

    private static @Nullable String problem(Path file, Path log) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0 || isBeingMade(file)) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        long size;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            size = in.size();
            while (head.hasRemaining() && in.read(head) >= 0) {
                // until the head is full or the file ends
            }
        }
        boolean database =
                head.position() == HEAD
                        && Arrays.equals(head.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length);
        boolean empty = database && head.getInt(SCHEMA_COOKIE) == 0;
        boolean ours = empty || database && head.getInt(OWNER) == APPLICATION_ID;
        if (!ours) {
            return "%s is not a task store of this runtime; it was left as it is. Move it away to begin with an empty store, or restore a backup"
                    .formatted(file);
        }
        boolean logged = Files.exists(log) && Files.size(log) > 0;
        int pageSize = head.getShort(16) == 1 ? LARGEST_PAGE : head.getShort(16);
        long wanted = Integer.toUnsignedLong(head.getInt(28)) * pageSize;
        if (!logged && size < wanted) {
            return "the task store %s is truncated: it has %d of %d bytes; it was left as it is. Restore a backup, or repair a copy with \".recover\" of sqlite3"
                    .formatted(file, size, wanted);
        }
        String damage = WalCheck.damage(log);
        return damage == null
                ? null
                : "the log %s of the task store is damaged: %s; it was left as it is. Restore a backup, or move the log away to go on without what it holds"
                        .formatted(log, damage);
    }
}
