// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.BundleJar;
import org.spicetime.runtime.integrationtests.Installation;
import org.spicetime.runtime.integrationtests.blackbox.HostProcess.Ended;

/** The mistakes everybody makes on the first day end in a sentence that says what to do. */
@SuppressWarnings("NullAway.Init")
class NewcomerDistributionIT {

    private static HostProcess host;
    private static GraphQl client;

    /* One of its own: a broken bundle shows in the log, which the shared host keeps clean. */
    @BeforeAll
    static void startAHost() throws IOException {
        host = HostProcess.start(Installation.assembled(), HostProcess.freshData("newcomer"));
        client = new GraphQl(host.url(), host.token());
    }

    @AfterAll
    static void endIt() {
        client.close();
        host.close();
    }

    @Test
    void noTokenAndAWrongOneSayWhereTheTokenIs() {
        GraphQl.Answer stranger =
                client.send(client.strangers("/graphql?query=%7Bdomains%7Bid%7D%7D"));
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(messageOf(stranger))
                .contains("Not signed in")
                .contains("send the header Authorization: Bearer TOKEN")
                .contains("secrets/admin.token");
        try (GraphQl wrong = new GraphQl(host.url(), "drt_wrong")) {
            GraphQl.Answer refused = wrong.send("{ domains { id } }", Map.of());
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.code()).isEqualTo("UNAUTHENTICATED");
            assertThat(messageOf(refused))
                    .contains("The credentials are not valid")
                    .contains("secrets/admin.token")
                    .doesNotContain("drt_wrong");
        }
    }

    @Test
    void anUnknownDomainSaysToListTheDomains() {
        GraphQl.Answer answer = client.send("{ domain(id: \"ethicalscoring\") { id } }", Map.of());
        assertThat(answer.code()).isEqualTo("NOT_FOUND");
        assertThat(messageOf(answer))
                .isEqualTo(
                        "there is no domain \"ethicalscoring\"; check the id, or list the domains"
                                + " that there are");
    }

    @Test
    void aPolicyThatIsNotDeployedListsThoseThatAre() {
        GraphQl.Answer literal = client.send(policy("EARLIEST"), Map.of());
        assertThat(literal.code()).isEqualTo("BAD_USER_INPUT");
        assertThat(messageOf(literal))
                .startsWith("config.scheduler.policy: EARLIEST is not available; available: ")
                .contains("EDF", "FIFO", "PRIORITY");
        GraphQl.Answer variable =
                client.send(
                        "mutation($p: SchedulingPolicy!) { configureDomain(domainId:"
                                + " \"ethical-scoring\", config: { scheduler: { policy: $p } })"
                                + " { id } }",
                        Map.of("p", "EARLIEST"));
        assertThat(variable.code()).isEqualTo("BAD_USER_INPUT");
        assertThat(messageOf(variable)).contains("p: EARLIEST is not available; available: ");
    }

    @Test
    void anEnumValueInQuotesIsToldToLoseThem() {
        GraphQl.Answer answer = client.send(policy("\"EDF\""), Map.of());
        assertThat(answer.code()).isEqualTo("GRAPHQL_VALIDATION_FAILED");
        assertThat(messageOf(answer))
                .contains("'config.scheduler.policy' is a value of the enum SchedulingPolicy")
                .contains("write EDF without quotes");
    }

    private static String policy(String value) {
        return "mutation { configureDomain(domainId: \"ethical-scoring\", config: { scheduler: {"
                + " policy: "
                + value
                + " } }) { id } }";
    }

    @Test
    void aBundleThatDoesNotResolveSaysWhatItNeedsAndTheHostGoesOn() {
        DeployFolder deploy = new DeployFolder(host, client);
        deploy.drop(
                "newcomer.jar",
                BundleJar.empty("acme.newcomer", "1.0.0")
                        .header("Import-Package", "com.acme.forgotten"));
        try {
            assertThat(deploy.awaitHealth("bundle:acme.newcomer", "it needs"))
                    .isEqualTo(
                            "it needs package com.acme.forgotten, and no bundle here provides it;"
                                    + " deploy the bundle that does, or put it into this one");
            assertThat(client.data("{ domains { id } }").path("domains").size()).isPositive();
        } finally {
            deploy.delete("newcomer.jar");
        }
        deploy.awaitWell("bundle:acme.newcomer");
    }

    @Test
    void aSecondHostOnTheSameInstanceNamesTheFirstAndTheWayOut() {
        Ended second =
                HostProcess.script(
                        Installation.assembled(),
                        host.data(),
                        "run",
                        "--port",
                        "0",
                        "--data",
                        host.data().toString());
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.output())
                .contains("the instance directory " + host.data() + " is in use by process")
                .contains("stop that one or choose another with --data DIR");
        assertThat(host.isAlive()).isTrue();
    }

    private static String messageOf(GraphQl.Answer answer) {
        return answer.error().path("message").asText();
    }
}
