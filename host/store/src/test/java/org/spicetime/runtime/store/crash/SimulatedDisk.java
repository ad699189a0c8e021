// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Replays a trace, and tells what the disk may hold after any of its records. A file that was
 * removed may be back until its directory is synchronised. Shared-memory files of the engine are
 * left out: they do not count after a loss of power. Called by one thread at a time.
 */
final class SimulatedDisk {

    private final Map<String, SimulatedFile> files = new TreeMap<>();
    private final Map<String, SimulatedFile> removed = new HashMap<>();

    void apply(TraceRecord record) {
        if (record.path().endsWith("-shm")) {
            return;
        }
        switch (record.kind()) {
            case WRITE, TRUNCATE -> file(record.path()).later(record);
            case SYNC -> {
                if (record.path().isEmpty()) {
                    removed.clear();
                } else {
                    file(record.path()).sync();
                }
            }
            case UNLINK -> {
                SimulatedFile gone = files.remove(record.path());
                if (gone != null) {
                    removed.put(record.path(), gone);
                }
            }
            case RENAME -> {
                SimulatedFile moved = files.remove(record.path());
                if (moved != null) {
                    files.put(new String(record.data(), StandardCharsets.UTF_8), moved);
                }
            }
        }
    }

    private SimulatedFile file(String path) {
        removed.remove(path);
        return files.computeIfAbsent(path, any -> new SimulatedFile());
    }

    /** Writes an image into a directory, which is made. */
    void writeImage(Path directory, PowerLoss mode, RandomGenerator random) throws IOException {
        Map<String, SimulatedFile> present = new TreeMap<>(files);
        if (mode != PowerLoss.KEEP_ALL) {
            removed.forEach((path, file) -> {
                if (random.nextBoolean()) {
                    present.put(path, file);
                }
            });
        }
        Files.createDirectories(directory);
        for (Map.Entry<String, SimulatedFile> entry : present.entrySet()) {
            Path file = directory.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue().image(mode, random));
        }
    }
}
