// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/** What is the matter with a host, from its disk to an operator's query, and when it is over. */
class HostAlertsDistributionIT {
    private static final String STORE = "org.spicetime.runtime.store.sqlite.SqliteTaskStore.config";
    private static final String CHECKS = "org.spicetime.runtime.core.health.MachineChecks.config";

    /** More than any disk of a test has, in mebibytes. */
    private static final String MORE_THAN_THERE_IS = "I\"1048576\"\n";

    private static final String SCHEDULE =
            "mutation($input: TaskInput!) { scheduleTask(input: $input) { id } }";

    private final Installation installation = Installation.assembled();

    private static List<String> codes(GraphQl client) {
        return client.data("{ alerts { code } }").path("alerts").findValuesAsText("code");
    }

    private static JsonNode next(Subscription alerts, String code) {
        while (true) {
            JsonNode alert = alerts.next().path("alertUpdated");
            if (alert.path("code").asText().equals(code)) return alert;
        }
    }

    @Test
    void aDiskThatIsNearlyFullIsTheMatterUntilItIsNot() throws IOException, InterruptedException {
        Path data = HostProcess.freshData("scarce");
        Path etc = Files.createDirectories(data.resolve("etc"));
        Map<String, ?> asked;
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            asked = Map.of("input", DomainOfTest.create(client, "scarce").task(Map.of()));
            assertThat(host.stop()).isZero();
        }

        Files.writeString(etc.resolve(STORE), "minFreeMebibytes=" + MORE_THAN_THERE_IS);
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token());
                Subscription alerts =
                        client.subscribe(
                                "subscription { alertUpdated { id code severity clearedAt domainId"
                                        + " message details } }",
                                Map.of())) {
            JsonNode store = next(alerts, "DR-STORE-0002");
            assertThat(store.path("severity").asText()).isEqualTo("WARNING");
            assertThat(store.path("domainId").isNull()).isTrue();
            assertThat(store.path("message").asText()).startsWith("the task store: ");
            assertThat(store.at("/details/freeBytes").asText()).as("%s", store).isEqualTo("0");
            GraphQl.Answer refused = client.send(SCHEDULE, asked);
            assertThat(refused.code()).as(refused.text()).isEqualTo("RESOURCE_EXHAUSTED");
            Clarity.require(refused);

            Files.writeString(etc.resolve(CHECKS), "diskDegradedMebibytes=" + MORE_THAN_THERE_IS);
            JsonNode raised = next(alerts, "DR-HOST-0001");
            assertThat(raised.path("clearedAt").isNull()).isTrue();
            assertThat(raised.path("message").asText()).startsWith("disk: ");
            Files.writeString(etc.resolve(CHECKS), "diskDegradedMebibytes=I\"0\"\n");
            JsonNode cleared = next(alerts, "DR-HOST-0001");
            assertThat(cleared.path("clearedAt").isNull()).isFalse();
            assertThat(cleared.path("id")).isEqualTo(raised.path("id"));
            assertThat(host.stop()).isZero();
        }

        Files.delete(etc.resolve(STORE));
        try (HostProcess host = HostProcess.start(installation, data);
                GraphQl client = new GraphQl(host.url(), host.token())) {
            await("no alert of the store")
                    .atMost(GraphQl.LIMIT)
                    .until(() -> !codes(client).contains("DR-STORE-0002"));
            assertThat(client.data(SCHEDULE, asked).at("/scheduleTask/id").asText()).isNotEmpty();
        }
    }
}
