// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * The audits of npm's graphql-http and the clients that people use, run by Node; each check is
 * counted as a test of its own.
 */
@ExtendWith(SharedHost.class)
class AuditsDistributionIT {

    private static final Path RESULTS = Path.of("target/extra-results");

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Node.install();
    }

    @Test
    void theEndpointPassesTheAuditsOfGraphqlHttp(HostProcess host)
            throws IOException, InterruptedException {
        requirePassed(host, "audits.mjs");
        assertThat(RESULTS).isDirectoryContaining("glob:**.xml");
    }

    @Test
    void theClientsThatPeopleUseNoticeNoChangeOfTheSchema(HostProcess host)
            throws IOException, InterruptedException {
        Path policy;
        try (Stream<Path> jars =
                Files.list(Installation.assembled().home().resolve("vendor-kit"))) {
            policy =
                    jars.filter(jar -> jar.getFileName().toString().contains("keyedpolicy"))
                            .findFirst()
                            .orElseThrow();
        }
        String output =
                requirePassed(
                        host,
                        "client-checks.mjs",
                        "--deploy",
                        host.data().resolve("deploy").toString(),
                        "--policy",
                        policy.toString());
        System.out.println(output.strip());
    }

    @Test
    void theEndpointComesBackAfterItsBundleStoppedWhileStreamsWereOpen(HostProcess host)
            throws IOException, InterruptedException {
        requirePassed(host, "redeploy-checks.mjs");
    }

    private static String requirePassed(HostProcess host, String script, String... more)
            throws IOException, InterruptedException {
        Files.createDirectories(RESULTS);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "node",
                                script,
                                "--url",
                                host.url().resolve("/graphql").toString(),
                                "--token-file",
                                host.tokenFile().toString(),
                                "--out",
                                RESULTS.toAbsolutePath().toString()));
        command.addAll(List.of(more));
        Node.Ended ended = Node.run(Node.FOLDER, Map.of(), command);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }
}
