// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Other schedulers of durable jobs, each run in a fresh process of its own. */
final class Peers {
    private static final long PATIENCE_SECONDS = 120;
    private static final String ANSWER = "jobs per second ";

    /**
     * One of them.
     *
     * @param name what it is called in figures
     * @param engine and
     * @param database what the process is asked for
     * @param powerSafe whether what it acknowledged survives a loss of power
     * @param warmUp seconds that do not count
     * @param window seconds that count
     */
    record Peer(
            String name,
            String engine,
            String database,
            boolean powerSafe,
            int warmUp,
            int window) {}

    private final String classPath;
    private final Path directory;
    private final List<Peer> all = new ArrayList<>();

    /**
     * The peers.
     *
     * @param postgres URL of a database with its user and password; null: none is there
     */
    Peers(String classPath, Path directory, @Nullable String postgres) {
        this.classPath = classPath;
        this.directory = directory;
        all.add(new Peer("db-scheduler on SQLite", "db-scheduler", "sqlite", true, 3, 4));
        all.add(new Peer("JobRunr on H2", "jobrunr", "h2", false, 10, 10));
        all.add(new Peer("Quartz JDBC on H2", "quartz", "h2", false, 3, 4));
        all.add(new Peer("Quartz RAM", "quartz", "none", false, 3, 4));
        if (postgres != null) {
            all.add(new Peer("db-scheduler on PostgreSQL", "db-scheduler", postgres, true, 3, 4));
            all.add(new Peer("JobRunr on PostgreSQL", "jobrunr", postgres, true, 10, 10));
        }
    }

    List<Peer> all() {
        return all;
    }

    /** Jobs a second that one of them ends. */
    double measure(Peer peer, int producers) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(directory, "peer");
        Path output = work.resolve("output");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath,
                                "org.spicetime.runtime.benchmarks.peers.Peer",
                                peer.engine(),
                                peer.database(),
                                work.toString(),
                                Integer.toString(producers),
                                Integer.toString(peer.warmUp()),
                                Integer.toString(peer.window()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new IllegalStateException(peer.name() + " did not end");
            String text = Files.readString(output, StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.startsWith(ANSWER))
                    .mapToDouble(line -> Double.parseDouble(line.substring(ANSWER.length())))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(peer.name() + " failed: " + text));
        } finally {
            process.destroyForcibly();
            process.waitFor();
            remove(work);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
