// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder in which the configuration service keeps what was changed while the host ran. It also
 * keeps a copy of what came from a file of {@code etc/}; that file is read again at each start, and
 * may be gone or lie elsewhere by then. Called by one thread at a time.
 */
final class SavedConfigurations {
    /** The setting that names the folder. */
    static final String FOLDER = "felix.cm.dir";

    private static final String CAME_FROM_A_FILE = "felix.fileinstall.filename=";

    private SavedConfigurations() {}

    /** Deletes the copies of what came from files. */
    static void forgetCopies(Map<String, String> settings) throws StartRefusedException {
        String name = settings.get(FOLDER);
        if (name == null || !Files.isDirectory(Path.of(name))) {
            return;
        }
        Path folder = Path.of(name);
        try {
            for (Path file : configurationsIn(folder)) {
                if (cameFromAFile(file)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw StartRefusedException.failed(
                    "cannot read the saved configurations in "
                            + folder
                            + ": "
                            + Sentence.of(e)
                            + "; make them readable, or move the folder away to start with the defaults.",
                    e);
        }
    }

    private static List<Path> configurationsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".config"))
                    .toList();
        }
    }

    private static boolean cameFromAFile(Path file) throws IOException {
        // Bytes as they are: a damaged file is left for the configuration service to report.
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return text.lines().anyMatch(line -> line.startsWith(CAME_FROM_A_FILE));
    }
}
