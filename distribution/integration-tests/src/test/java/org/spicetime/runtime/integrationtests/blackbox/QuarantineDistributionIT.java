// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/** What an operator did to a plugin holds over a restart of the host. */
class QuarantineDistributionIT {

    private static final String POLICIES =
            """
            { schedulingPolicies { name state quarantinedUntil available
                ejections { id reason message version domainId replacedBy } } }
            """;

    private static final String ALERTS = "{ alerts { code details } }";

    private final Installation installation = Installation.assembled();

    @Test
    void aRestartDoesNotForgetTheQuarantine() throws Exception {
        Path data = HostProcess.freshData("quarantine");
        String incident;
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl api = new GraphQl(host.url(), host.token())) {
            assertThat(policy(api, "EDF").path("state").asText()).isEqualTo("ACTIVE");
            JsonNode ejected =
                    api.data(
                                    """
                                    mutation { ejectPlugin(kind: SCHEDULING_POLICY, name: "EDF",
                                        reason: "a test") { id reason message } }
                                    """)
                            .path("ejectPlugin")
                            .get(0);
            assertThat(ejected.path("reason").asText()).isEqualTo("OPERATOR");
            assertThat(ejected.path("message").asText()).contains("a test");
            incident = ejected.path("id").asText();
            // It is on the disk when the answer is there, whatever happens to the process now.
            assertThat(Files.readString(data.resolve("store/quarantine.json"))).contains(incident);
            assertThat(host.stop()).isZero();
        }
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl api = new GraphQl(host.url(), host.token())) {
            JsonNode edf = policy(api, "EDF");
            assertThat(edf.path("state").asText()).isEqualTo("QUARANTINED");
            assertThat(edf.path("quarantinedUntil").asText()).isNotBlank();
            assertThat(edf.path("available").asBoolean()).isFalse();
            JsonNode remembered = edf.path("ejections").get(0);
            assertThat(remembered.path("id").asText()).isEqualTo(incident);
            assertThat(remembered.path("version").asText()).isNotBlank();
            await().atMost(GraphQl.LIMIT)
                    .until(() -> quarantineAlerts(api).equals(Set.of(incident)));

            api.data(
                    "mutation { reinstatePlugin(kind: SCHEDULING_POLICY, name: \"EDF\") { name } }");
            assertThat(policy(api, "EDF").path("state").asText()).isEqualTo("ACTIVE");
            await().atMost(GraphQl.LIMIT).until(() -> quarantineAlerts(api).isEmpty());
            assertThat(host.stop()).isZero();
        }
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl api = new GraphQl(host.url(), host.token())) {
            assertThat(policy(api, "EDF").path("state").asText()).isEqualTo("ACTIVE");
        }
    }

    /** The incidents of the plugins that are told to be in quarantine. */
    private static Set<String> quarantineAlerts(GraphQl api) {
        return StreamSupport.stream(api.data(ALERTS).path("alerts").spliterator(), false)
                .filter(alert -> alert.path("code").asText().equals("DR-PLUG-0001"))
                .map(alert -> alert.at("/details/incident").asText())
                .collect(Collectors.toSet());
    }

    private static JsonNode policy(GraphQl api, String name) {
        return StreamSupport.stream(
                        api.data(POLICIES).path("schedulingPolicies").spliterator(), false)
                .filter(one -> one.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
