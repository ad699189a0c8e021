// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything of a host that changes, held by one process at a time. Called
 * by one thread at a time.
 *
 * <p>The lock is the operating system's on {@code .lock}: it ends with the process, however that
 * ends.
 */
final class InstanceDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");
    private static final List<String> FOLDERS =
            List.of(
                    "etc",
                    "etc/domains",
                    "etc/saved",
                    "deploy",
                    "store",
                    "cache",
                    "cache/tmp",
                    "secrets",
                    "audit",
                    "log",
                    "run");

    private final Path root;
    private final FileChannel lockFile;
    private final UUID hostId;

    private InstanceDirectory(Path root, FileChannel lockFile, UUID hostId) {
        this.root = root;
        this.lockFile = lockFile;
        this.hostId = hostId;
    }

    /** Makes what is missing, takes the lock, and empties the folder for temporary files. */
    static InstanceDirectory open(Path root) throws StartRefusedException {
        FileChannel lockFile = null;
        try {
            createFolder(root);
            lockFile = lock(root);
            for (String folder : FOLDERS) {
                createFolder(root.resolve(folder));
            }
            Files.setPosixFilePermissions(root.resolve("secrets"), OWNER_ONLY);
            empty(root.resolve("cache/tmp"));
            Files.deleteIfExists(root.resolve("run/host.pid"));
            return new InstanceDirectory(root, lockFile, hostIdOf(root));
        } catch (IOException e) {
            close(lockFile, e);
            throw StartRefusedException.failed(
                    "cannot use the instance directory "
                            + root
                            + ": "
                            + Sentence.of(e)
                            + "; make it writable or choose another with --data DIR.",
                    e);
        } catch (StartRefusedException e) {
            close(lockFile, e);
            throw e;
        }
    }

    Path root() {
        return root;
    }

    /** The name of this host for as long as its instance directory exists. */
    UUID hostId() {
        return hostId;
    }

    /**
     * Tells {@code domain-runtime stop} and {@code status} who serves this directory, and where.
     */
    void announce(long processId, String url) throws IOException {
        replace(root.resolve("run/host.pid"), processId + "\n" + url + "\n");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(root.resolve("run/host.pid"));
        lockFile.close();
    }

    private static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
    }

    private static FileChannel lock(Path root) throws IOException, StartRefusedException {
        FileChannel channel =
                FileChannel.open(
                        root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        } catch (IOException e) {
            close(channel, e);
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw StartRefusedException.failed(
                    "the instance directory "
                            + root
                            + " is in use by "
                            + holderOf(root)
                            + "; stop that one or choose another with --data DIR.");
        }
        return channel;
    }

    private static String holderOf(Path root) {
        try {
            return "process " + Files.readAllLines(root.resolve("run/host.pid")).getFirst();
        } catch (IOException | RuntimeException notAnnouncedYet) {
            return "another process";
        }
    }

    private static UUID hostIdOf(Path root) throws IOException, StartRefusedException {
        Path file = root.resolve("host.id");
        if (!Files.exists(file)) {
            replace(file, UUID.randomUUID() + "\n");
        }
        String text = Files.readString(file).strip();
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.failed(
                    file
                            + " must hold a UUID, was \""
                            + text.substring(0, Math.min(40, text.length()))
                            + "\"; restore it, or delete it to give this host a new identity.",
                    e);
        }
    }

    /** A reader sees the old text or the new one, never half of it, also after a power cut. */
    private static void replace(Path file, String text) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.writeString(
                half,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        try {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " must be a directory, not a link");
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        if (!visited.equals(folder)) {
                            Files.delete(visited);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void close(@Nullable FileChannel channel, Exception reason) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }
}
