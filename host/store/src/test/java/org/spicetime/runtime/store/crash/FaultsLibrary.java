// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Assumptions;

/** The library that records and spoils file calls, compiled when the tests run. Thread-safe. */
final class FaultsLibrary {

    private FaultsLibrary() {}

    /** Compiles it into a directory. Without Linux or a C compiler the test is skipped. */
    static Path build(Path directory) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "recording file calls needs LD_PRELOAD, which only Linux has");
        Path source = directory.resolve("faults.c");
        Path library = directory.resolve("faults.so");
        try (InputStream in = FaultsLibrary.class.getResourceAsStream("faults.c")) {
            if (in == null) {
                throw new IOException("faults.c is not among the test resources");
            }
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Process compiler;
        try {
            compiler =
                    new ProcessBuilder(
                                    "cc",
                                    "-O2",
                                    "-shared",
                                    "-fPIC",
                                    "-o",
                                    library.toString(),
                                    source.toString(),
                                    "-lpthread")
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException missing) {
            Assumptions.abort("there is no C compiler (cc): " + missing.getMessage());
            throw missing;
        }
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            throw new IOException("faults.c does not compile:\n" + said);
        }
        return library;
    }
}
