// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.store.fault.DiskSpace;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.FaultSettings;

/** Stores whose engine or disk is not as usual. Thread-safe. */
public final class TestStores {

    private TestStores() {}

    /**
     * A store that is not open.
     *
     * @param settings when growth is refused
     * @param failStop what to do when the disk refuses to synchronise
     * @param disk what is asked for free space
     * @param pragmas what the writing connection is told last
     * @param logPages pages of the log from which on it is copied into the file; 0: as it ships
     * @return the store
     */
    public static TaskStore of(
            FaultSettings settings,
            FailStop failStop,
            Function<Path, DiskSpace> disk,
            List<String> pragmas,
            int logPages) {
        Tuning tuning = new Tuning(pragmas, logPages == 0 ? Tuning.USUAL.logPages() : logPages);
        return new SqliteTaskStore(settings, failStop, disk, tuning);
    }
}
