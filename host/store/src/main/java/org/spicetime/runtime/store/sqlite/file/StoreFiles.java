// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.file;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of a store. Immutable.
 *
 * @param folder the folder that holds them
 */
public record StoreFiles(Path folder) {

    private static final String DATABASE = "tasks.db";

    /**
     * The database.
     *
     * @return its file
     */
    public Path database() {
        return folder.resolve(DATABASE);
    }

    /**
     * Its write-ahead log, which is part of it as long as it exists.
     *
     * @return its file
     */
    public Path log() {
        return folder.resolve(DATABASE + "-wal");
    }

    /**
     * All files that together are the store.
     *
     * @return the log and its index first: the database must never stand beside a foreign log
     */
    public List<Path> all() {
        return List.of(
                log(),
                folder.resolve(DATABASE + "-shm"),
                folder.resolve(DATABASE + "-journal"),
                database());
    }

    /**
     * Locked by the process that has the store open.
     *
     * @return its file
     */
    public Path lock() {
        return folder.resolve("store.lock");
    }

    /**
     * There while a restore moves files; no process may open the store then.
     *
     * @return its file
     */
    public Path restoring() {
        return folder.resolve("restore.unfinished");
    }
}
