// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.store.sqlite.file.StoreFiles;

/**
 * One process has a store open. The operating system gives the lock back when the process ends,
 * however it does. Thread-safe.
 */
final class StoreLock implements AutoCloseable {

    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    static StoreLock take(StoreFiles files) {
        Path file = files.lock();
        @Nullable FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(
                                (ProcessHandle.current().pid() + "\n")
                                        .getBytes(StandardCharsets.US_ASCII)));
                return new StoreLock(channel);
            }
            channel.close();
            throw locked(file);
        } catch (OverlappingFileLockException ours) {
            close(channel);
            throw locked(file);
        } catch (IOException e) {
            close(channel);
            throw new StoreException(
                    Reason.IO,
                    "the task store in %s cannot be locked: %s; give the host the right to write there"
                            .formatted(files.folder(), e),
                    e);
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new StoreException(Reason.IO, "the lock cannot be closed: " + e, e);
        }
    }

    private static StoreException locked(Path file) {
        return new StoreException(
                Reason.LOCKED,
                "the task store in %s is open in another process, %s tells its number; end that one, or use another directory"
                        .formatted(file.getParent(), file.getFileName()));
    }

    @Override
    public void close() {
        close(channel);
    }
}
