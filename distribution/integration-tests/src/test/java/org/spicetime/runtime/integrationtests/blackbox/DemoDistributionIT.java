// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/** The demo, as {@code ./run --demo --once} drives it, ends as expected on a fresh host. */
class DemoDistributionIT {

    private static final long LIMIT_MINUTES = 3;

    @Test
    void everyOutcomeOfTheDemoIsTheExpectedOne() throws IOException, InterruptedException {
        Installation installation = Installation.assembled();
        try (HostProcess host = HostProcess.start(installation, HostProcess.freshData("demo"))) {
            Path table = host.data().resolveSibling("demo.txt");
            Process demo =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    installation.home().resolve("lib/demo") + "/*",
                                    "org.spicetime.runtime.demo.Demo",
                                    "--url",
                                    host.url().toString(),
                                    "--token-file",
                                    host.tokenFile().toString())
                            .redirectErrorStream(true)
                            .redirectOutput(table.toFile())
                            .start();
            boolean ended = demo.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                demo.destroyForcibly();
            }
            assertThat(ended).as("the demo ends; it said: %s", Files.readString(table)).isTrue();
            assertThat(demo.exitValue()).as(Files.readString(table)).isZero();
            assertThat(Files.readString(table)).contains("Outcomes").doesNotContain("UNEXPECTED");
            assertThat(host.stop()).isZero();
        }
    }
}
