// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The audits of npm's graphql-http, run by Node; each is counted as a test of its own. */
@ExtendWith(SharedHost.class)
class AuditsDistributionIT {

    private static final long INSTALL_MINUTES = 5;
    private static final long AUDIT_MINUTES = 3;
    private static final Path FOLDER = Path.of("src/test/node");
    private static final Path RESULTS = Path.of("target/extra-results");

    @Test
    void theEndpointPassesTheAuditsOfGraphqlHttp(HostProcess host)
            throws IOException, InterruptedException {
        assumeTrue(works("node", "--version"), "needs Node 20: no node on PATH");
        if (!Files.isDirectory(FOLDER.resolve("node_modules"))) {
            assumeTrue(works("npm", "--version"), "needs npm: no npm on PATH");
            Ended install =
                    run(
                            INSTALL_MINUTES,
                            "npm",
                            "ci",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund");
            assertThat(install.exitCode()).as(install.output()).isZero();
        }
        Files.createDirectories(RESULTS);
        Ended audits =
                run(
                        AUDIT_MINUTES,
                        "node",
                        "audits.mjs",
                        "--url",
                        host.url().resolve("/graphql").toString(),
                        "--token-file",
                        host.tokenFile().toString(),
                        "--out",
                        RESULTS.toAbsolutePath().toString());
        assertThat(audits.exitCode()).as(audits.output()).isZero();
        assertThat(RESULTS).isDirectoryContaining("glob:**.xml");
    }

    /** What a command left behind. Immutable. */
    private record Ended(int exitCode, String output) {}

    private static boolean works(String... command) throws InterruptedException {
        try {
            return run(1, command).exitCode() == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    private static Ended run(long minutes, String... command)
            throws IOException, InterruptedException {
        Path log =
                Files.createTempFile(
                        Files.createDirectories(Path.of("target/blackbox").toAbsolutePath()),
                        command[0] + "-",
                        ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail(List.of(command) + " did not end: " + Files.readString(log));
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }
}
