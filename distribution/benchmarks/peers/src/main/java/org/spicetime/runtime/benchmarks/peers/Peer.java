// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers;

import java.nio.file.Path;
import org.spicetime.runtime.benchmarks.load.JobEngine;
import org.spicetime.runtime.benchmarks.load.JobLoop;

/**
 * Measures one peer and prints how many jobs it ended per second. Arguments: engine, database
 * ({@code sqlite}, {@code h2}, {@code none} or a URL of PostgreSQL), empty directory, producers,
 * seconds of warm-up, seconds that count.
 */
public final class Peer {
    /** Threads that run jobs. */
    static final int WORKERS = 16;

    private Peer() {}

    /** Measures. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 6)
            throw new IllegalArgumentException(
                    "wanted: engine database directory producers warm-up window");
        Path directory = Path.of(arguments[2]);
        try (Database database = Database.of(arguments[1], directory);
                JobEngine engine =
                        switch (arguments[0]) {
                            case "db-scheduler" -> new DbSchedulerEngine(database);
                            case "jobrunr" -> new JobRunrEngine(database);
                            case "quartz" -> new QuartzEngine(database);
                            default ->
                                    throw new IllegalArgumentException(
                                            "there is no engine " + arguments[0]);
                        }) {
            double rate =
                    JobLoop.perSecond(
                            engine,
                            Integer.parseInt(arguments[3]),
                            Double.parseDouble(arguments[4]),
                            Double.parseDouble(arguments[5]));
            if (rate == 0)
                throw new IllegalStateException(arguments[0] + " ended no job in the window");
            System.out.println("jobs per second " + rate);
        }
        // Some peers leave threads behind that are no daemons.
        System.exit(0);
    }
}
