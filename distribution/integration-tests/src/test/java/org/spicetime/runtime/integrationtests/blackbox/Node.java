// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Node and the libraries that the tests need of npm. */
final class Node {

    static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();
    static final Path MODULES = FOLDER.resolve("node_modules");

    private static final long MINUTES = 5;
    /* The lock file that node_modules was made of. */
    private static final Path INSTALLED = MODULES.resolve(".installed-lock.json");

    private Node() {}

    /** What a command left behind. Immutable. */
    record Ended(int exitCode, String output) {}

    /**
     * Installs what the lock file names, unless it is there; skips the test without Node or npm.
     */
    static void install() throws IOException, InterruptedException {
        assumeTrue(works("node"), "needs Node 20: no node on PATH");
        Path lock = FOLDER.resolve("package-lock.json");
        if (Files.exists(INSTALLED) && Files.mismatch(lock, INSTALLED) < 0) return;
        assumeTrue(works("npm"), "needs npm: no npm on PATH");
        Ended install =
                run(
                        FOLDER,
                        Map.of(),
                        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        assertThat(install.exitCode()).as(install.output()).isZero();
        Files.copy(lock, INSTALLED, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean works(String program) throws InterruptedException {
        try {
            return run(FOLDER, Map.of(), List.of(program, "--version")).exitCode() == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    /** Runs a command to its end. */
    static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path log =
                Files.createTempFile(
                        Files.createDirectories(Path.of("target/blackbox").toAbsolutePath()),
                        Path.of(command.getFirst()).getFileName() + "-",
                        ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail(command + " did not end: " + Files.readString(log));
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }
}
