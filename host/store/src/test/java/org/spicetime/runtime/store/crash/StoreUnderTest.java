// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.store.fault.DiskSpace;
import org.spicetime.runtime.store.fault.FailStop;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.sqlite.TestStores;
import org.sqlite.JDBC;

/** The store that ships, as the tests of this package open it. Thread-safe. */
final class StoreUnderTest {

    /** A domain whose finished tasks are kept. */
    static final DomainId KEPT = DomainId.of("kept");

    /** A domain whose finished tasks are pruned. */
    static final DomainId PRUNED = DomainId.of("pruned");

    static final HostRef HOST = new HostRef("host-1", new UUID(1, 1));

    /** Name of the store's file. */
    static final String FILE = "tasks.db";

    /** Name of its log. */
    static final String LOG = FILE + "-wal";

    /** Pages of a log that is copied into the file again and again: 1 MB. */
    static final int SMALL_LOG = 256;

    /** Pages of the log as it ships. */
    static final int USUAL_LOG = 0;

    private static final FaultSettings NO_LIMITS =
            new FaultSettings(0, 0, 0, Duration.ofMillis(20));

    private StoreUnderTest() {}

    /** Without limits; unless its commits are synchronised it is the control that must fail. */
    static TaskStore open(Path directory, InstantSource clock, boolean synchronised) {
        return open(directory, clock, synchronised, FailStop.ofProcess(), 0);
    }

    static TaskStore open(
            Path directory, InstantSource clock, boolean synchronised, FailStop failStop) {
        return open(directory, clock, synchronised, failStop, 0);
    }

    /** Its log is copied into the file whenever it has about so many pages; 0: as it ships. */
    static TaskStore open(Path directory, InstantSource clock, boolean synchronised, int logPages) {
        return open(directory, clock, synchronised, FailStop.ofProcess(), logPages);
    }

    private static TaskStore open(
            Path directory,
            InstantSource clock,
            boolean synchronised,
            FailStop failStop,
            int logPages) {
        return opened(
                directory,
                clock,
                TestStores.of(
                        NO_LIMITS,
                        failStop,
                        DiskSpace::of,
                        synchronised ? List.of() : List.of("PRAGMA synchronous = NORMAL"),
                        logPages));
    }

    /** On a disk of the test's own; most pages of the file, 0: any number. */
    static TaskStore open(
            Path directory,
            InstantSource clock,
            FailStop failStop,
            FaultSettings settings,
            DiskSpace disk,
            int mostPages) {
        List<String> pragmas =
                mostPages == 0 ? List.of() : List.of("PRAGMA max_page_count = " + mostPages);
        return opened(directory, clock, TestStores.of(settings, failStop, any -> disk, pragmas, 0));
    }

    private static TaskStore opened(Path directory, InstantSource clock, TaskStore store) {
        store.open(new OpenOptions(directory, HOST, clock));
        return store;
    }

    /** What the engine says of a file that nobody has open: "ok", or what is wrong. */
    static String integrity(Path directory) {
        try (Connection connection =
                        new JDBC()
                                .connect(
                                        "jdbc:sqlite:" + directory.resolve(FILE),
                                        new Properties());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("PRAGMA integrity_check(1)")) {
            return answer.next() ? answer.getString(1) : "no answer";
        } catch (SQLException e) {
            return e.toString();
        }
    }
}
