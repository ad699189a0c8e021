// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.spicetime.runtime.api.DomainId;

/**
 * How long the workers of a domain were ready to run and had no processor, as Linux counts it. What
 * a worker waited that has ended meanwhile is not counted. Used by one thread.
 */
final class RunDelay {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int NAME_SHOWN = 15;

    private final String shown;
    private final Map<Path, Double> before;

    /** Counts from now on. */
    RunDelay(DomainId domain) {
        String workers = domain + "-worker-";
        shown = workers.substring(0, Math.min(workers.length(), NAME_SHOWN));
        before = read();
    }

    /** Milliseconds since the beginning. */
    double millis() {
        double nanos = 0;
        for (Map.Entry<Path, Double> thread : read().entrySet())
            nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0.0);
        return nanos / 1e6;
    }

    /** Milliseconds of all its workers there are, since each began. */
    static double millisOf(DomainId domain) {
        return new RunDelay(domain).before.values().stream().mapToDouble(Double::doubleValue).sum()
                / 1e6;
    }

    private Map<Path, Double> read() {
        Map<Path, Double> found = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            for (Path thread : threads) read(thread, found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void read(Path thread, Map<Path, Double> found) throws IOException {
        try {
            if (Files.readString(thread.resolve("comm")).startsWith(shown)) {
                String[] numbers = Files.readString(thread.resolve("schedstat")).trim().split(" ");
                found.put(thread, Double.parseDouble(numbers[1]));
            }
        } catch (NoSuchFileException ended) {
            found.remove(thread);
        }
    }
}
