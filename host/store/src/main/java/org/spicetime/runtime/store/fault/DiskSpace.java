// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How large the store's disk is, and how much of it is free. Thread-safe. */
public interface DiskSpace {

    /**
     * Bytes this process may still write.
     *
     * @return not negative
     */
    long free();

    /**
     * Size of the disk.
     *
     * @return bytes
     */
    long total();

    /**
     * The disk a directory is on.
     *
     * @param directory the directory
     * @return asks the operating system each time
     */
    static DiskSpace of(Path directory) {
        FileStore disk;
        try {
            disk = Files.getFileStore(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DiskSpace() {
            @Override
            public long free() {
                try {
                    return disk.getUsableSpace();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public long total() {
                try {
                    return disk.getTotalSpace();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
