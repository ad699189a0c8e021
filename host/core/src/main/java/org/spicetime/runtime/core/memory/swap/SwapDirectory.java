// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the swap files of a host lie. Only the user of the host can read them. A file has no name
 * as soon as it is open, so that a crash leaves nothing; where that is impossible it is deleted
 * when it is closed, or at the next start of the host. Thread-safe.
 */
public final class SwapDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SwapDirectory.class);
    private static final String SUFFIX = ".swap";
    private static final int MOST_LANES = 4;

    private final Path path;

    private SwapDirectory(Path path) {
        this.path = path;
    }

    /**
     * The directory of a host that starts. Files that an earlier run left behind are deleted;
     * nothing else happens until a domain swaps.
     *
     * @param path where; made when it is needed
     * @return the directory
     */
    public static SwapDirectory of(Path path) {
        SwapDirectory directory = new SwapDirectory(path.toAbsolutePath());
        directory.clean();
        return directory;
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Makes an empty file.
     *
     * @throws IOException if the directory cannot be made or written
     */
    SwapChannel open() throws IOException {
        make();
        Path file = path.resolve(UUID.randomUUID() + SUFFIX);
        Files.createFile(file, attributes("rw-------"));
        int lanes = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LANES);
        SwapChannel channel;
        try {
            channel = FileLanes.open(file, lanes);
        } catch (IOException notOpened) {
            delete(file);
            throw notOpened;
        }
        return delete(file) ? channel : new Named(channel, file);
    }

    private void make() throws IOException {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(path, attributes("rwx------"));
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(path)) {
                throw there;
            }
        }
    }

    private FileAttribute<?>[] attributes(String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private void clean() {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*" + SUFFIX)) {
            for (Path file : left) {
                if (delete(file)) {
                    LOG.info("swap file {} of an earlier run is deleted", file);
                }
            }
        } catch (NoSuchFileException none) {
            LOG.debug("there is no swap directory {} yet", path);
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.warn("the swap directory {} cannot be read: {}", path, unreadable.toString());
        }
    }

    private static boolean delete(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException notNow) {
            LOG.info(
                    "swap file {} cannot be deleted while it is open: {}", file, notNow.toString());
            return false;
        }
    }

    /** A file that keeps its name until it is closed. */
    private record Named(SwapChannel channel, Path file) implements SwapChannel {
        @Override
        public long write(long position, MemorySegment from) throws IOException {
            return channel.write(position, from);
        }

        @Override
        public long read(long position, MemorySegment to) throws IOException {
            return channel.read(position, to);
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            delete(file);
        }
    }
}
