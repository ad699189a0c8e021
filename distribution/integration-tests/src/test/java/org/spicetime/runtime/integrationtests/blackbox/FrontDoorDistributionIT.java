// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and where. */
@ExtendWith(SharedHost.class)
class FrontDoorDistributionIT {

    private static final String QUERY = "{\"query\":\"{ systemHealth { status } }\"}";

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/startupz", "/readyz?verbose"})
    void probesAnswerAStrangerInOneWord(String path, GraphQl client) {
        GraphQl.Answer answer = client.send(client.strangers(path));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isIn("alive\n", "ready\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/graphql",
                "/graphql?query=%7B__typename%7D",
                "/schema.graphqls",
                "/readyz/",
                "/metrics",
                "/system/console",
                "/system/console/bundles",
                "/system/console/components",
                "/system/console/configMgr",
                "/system/console/configMgr.json",
                "/system/console/depfinder",
                "/system/console/domains",
                "/system/console/domains/res/console/domains.css",
                "/system/console/events",
                "/system/console/events/res/ui/events.css",
                "/system/console/healthcheck",
                "/system/console/memoryusage",
                "/system/console/res/ui/webconsole.css",
                "/system/console/res/lib/jquery-3.6.1.js",
                "/system/console/status-System%20Properties",
                "/system/console/status-domain-runtime-domains.json",
                "/system/console/status-Configurations/configuration-status-x.zip",
                "/system/health"
            })
    void nothingElseAnswersAStranger(String path, GraphQl client) {
        assertThat(client.send(client.strangers(path)).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer drt_0123456789012345678901234567890123456789012",
                "Basic YWRtaW46YWRtaW4=",
                "nonsense"
            })
    void wrongCredentialsAreRefused(String credentials, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        client.strangers("/graphql")
                                .header("Authorization", credentials)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(QUERY)));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void theTokenOpensGraphQl(GraphQl client) {
        assertThat(client.data("{ systemHealth { status } }").at("/systemHealth/status").asText())
                .isEqualTo("HEALTHY");
    }

    @Test
    void whoIsSignedInIsToldEveryPart(GraphQl client) {
        assertThat(client.get("/readyz?verbose").text())
                .startsWith("ready\n")
                .contains("HEALTHY store", "HEALTHY domain:ethical-scoring");
    }

    @Test
    void aStrangerAndAWrongTokenAreToldWhereTheTokenIs(GraphQl client) {
        assertThat(client.send(client.strangers("/schema.graphqls")).text())
                .startsWith("Not signed in: ")
                .contains("secrets/admin.token");
        assertThat(
                        client.send(
                                        client.strangers("/schema.graphqls")
                                                .header("Authorization", "Bearer drt_wrong"))
                                .text())
                .startsWith("The credentials are not valid: ")
                .contains("secrets/admin.token");
        assertThat(client.send(client.strangers("/graphql?query=%7B__typename%7D")).text())
                .contains("UNAUTHENTICATED", "secrets/admin.token");
    }

    @Test
    void theSchemaIsServedAsText(GraphQl client) {
        GraphQl.Answer schema = client.get("/schema.graphqls");
        assertThat(schema.status()).isEqualTo(200);
        assertThat(schema.text()).contains("type DomainRuntime").contains("taskUpdated(");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bundles",
                "components",
                "configMgr",
                "depfinder",
                "domains",
                "events",
                "healthcheck",
                "memoryusage",
                "status-domain-runtime-incidents"
            })
    void theConsoleOpensWithTheTokenAsPassword(String page, HostProcess host, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        client.strangers("/system/console/" + page)
                                .header("Authorization", basic("admin", host.token())));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("text/html");
        assertThat(answer.text()).contains("<html");
    }

    @Test
    void theConsoleHasNoDefaultPassword(GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        client.strangers("/system/console/bundles")
                                .header("Authorization", basic("admin", "admin")));
        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void theConsoleCountsEveryBundleAsUp(HostProcess host, GraphQl client) {
        GraphQl.Answer answer =
                client.send(
                        client.strangers("/system/console/bundles.json")
                                .header("Authorization", basic("admin", host.token())));
        List<String> down = new ArrayList<>();
        answer.body()
                .path("data")
                .forEach(bundle -> {
                    String state = bundle.path("state").asText().toLowerCase(Locale.ROOT);
                    if (!List.of("active", "fragment", "starting").contains(state)) {
                        down.add(bundle.path("symbolicName").asText() + " is " + state);
                    }
                });
        assertThat(answer.body().path("data").size()).isGreaterThan(40);
        assertThat(down).isEmpty();
    }

    @Test
    void aForeignHostNameIsRefused(HostProcess host) throws IOException {
        String answer =
                RawHttp.exchange(
                        host.url(),
                        "GET /livez HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403");
    }

    @Test
    void theHostListensOnTheLoopbackAddressOnly(HostProcess host) throws IOException {
        Assumptions.assumeTrue(
                Files.isReadable(Path.of("/proc/net/tcp")), "/proc tells who listens");
        String port = String.format(Locale.ROOT, ":%04X", host.url().getPort());
        List<String> listening = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (Files.isReadable(Path.of(table))) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] columns = line.strip().split("\\s+", -1);
                    if (columns.length > 3
                            && columns[1].endsWith(port)
                            && columns[3].equals("0A")) {
                        listening.add(columns[1].replace(port, ""));
                    }
                }
            }
        }
        assertThat(listening)
                .isNotEmpty()
                .allMatch(address ->
                        address.equals("0100007F")
                                || address.equals("0000000000000000FFFF00000100007F"));
    }

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
