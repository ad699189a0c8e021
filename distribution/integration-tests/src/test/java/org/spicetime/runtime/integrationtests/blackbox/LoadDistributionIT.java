// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * Many, slow and hostile clients on one host, run by Node; each check is counted as a test of its
 * own.
 */
class LoadDistributionIT {

    @Test
    void manySlowAndHostileClientsHoldUpNobody() throws IOException, InterruptedException {
        Node.install();
        try (HostProcess host =
                HostProcess.start(Installation.assembled(), HostProcess.freshData("load"))) {
            Node.Ended ended =
                    Node.run(
                            Node.FOLDER,
                            Map.of(),
                            List.of(
                                    "node",
                                    "load-checks.mjs",
                                    "--url",
                                    host.url().resolve("/graphql").toString(),
                                    "--token-file",
                                    host.tokenFile().toString(),
                                    "--out",
                                    Path.of("target/extra-results").toAbsolutePath().toString(),
                                    "--pid",
                                    String.valueOf(host.processId()),
                                    "--jcmd",
                                    Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                                    "--long",
                                    String.valueOf(Boolean.getBoolean("test.long"))));
            System.out.println(ended.output().strip());
            assertThat(ended.exitCode()).as(ended.output()).isZero();
        }
    }
}
