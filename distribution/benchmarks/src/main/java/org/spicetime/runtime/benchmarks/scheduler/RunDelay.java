// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.spicetime.runtime.api.DomainId;

/** How long the workers of a domain were ready to run and had no processor, as Linux counts it. */
final class RunDelay {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int NAME_SHOWN = 15;

    private RunDelay() {}

    static double millisOf(DomainId domain) {
        String workers = domain + "-worker-";
        String shown = workers.substring(0, Math.min(workers.length(), NAME_SHOWN));
        double nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            for (Path thread : threads) nanos += nanosOf(thread, shown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos / 1e6;
    }

    private static double nanosOf(Path thread, String name) throws IOException {
        try {
            if (!Files.readString(thread.resolve("comm")).startsWith(name)) return 0;
            return Double.parseDouble(
                    Files.readString(thread.resolve("schedstat")).trim().split(" ")[1]);
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
