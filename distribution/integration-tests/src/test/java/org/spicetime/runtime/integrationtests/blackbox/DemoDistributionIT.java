// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * The demo, as {@code ./run --demo --once} drives it, ends as expected on a fresh host with the
 * settings that are shipped; and so does somebody who wants more than they allow.
 */
class DemoDistributionIT {

    private static final long LIMIT_MINUTES = 3;

    @Test
    void everyOutcomeOfTheDemoIsTheExpectedOne() throws IOException, InterruptedException {
        Installation installation = Installation.assembled();
        try (HostProcess host =
                HostProcess.startAsShipped(installation, HostProcess.freshData("demo"))) {
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
            requireRates(host);
            assertThat(host.stop()).isZero();
        }
    }

    /* A thousand changes in a row: a machine that makes them slower than ten a second there is not. */
    private static void requireRates(HostProcess host) {
        String change =
                "mutation { "
                        + "a%d: pauseDomain(domainId: \"ethical-scoring\") { id } ".repeat(10);
        try (GraphQl client = new GraphQl(host.url(), host.token())) {
            String ten = change.formatted(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) + "}";
            GraphQl.Answer answer = client.send(ten, Map.of());
            for (int i = 1; i < 100 && answer.status() == 200; i++) {
                answer.data();
                answer = client.send(ten, Map.of());
            }
            assertThat(answer.status()).as(answer.text()).isEqualTo(429);
            assertThat(answer.code()).isEqualTo("RATE_LIMITED");
            assertThat(answer.error().at("/extensions/retryAfter").asInt()).isBetween(1, 1000);
            assertThat(client.data("{ domains { id } }").path("domains")).isNotEmpty();
            client.data(
                    "mutation { scheduleTask(input: {domainId: \"content-processing\", type: COMPUTATION}) { id } }");
        }
    }
}
