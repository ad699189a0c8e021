// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.spicetime.runtime.integrationtests.Installation;

/** The operator's page, status pages and configuration pages of the web console, on one host. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class ConsoleDistributionIT {

    private static final String GATE = "configMgr/org.spicetime.runtime.security.RequestGate";
    private static final String HEALTH =
            "configMgr/org.spicetime.runtime.core.health.MachineChecks";
    private static final String PLANTED = "planted-secret-7f3a91c04be2";
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${appRoot}";
    private static final int LARGEST_MEBIBYTES = 1 << 20;

    private static Installation installation;
    private static HostProcess host;
    private static GraphQl client;
    private static ConsolePages console;

    @BeforeAll
    static void start() throws IOException {
        installation = Installation.assembled();
        host = HostProcess.start(installation, HostProcess.freshData("console"));
        connect();
    }

    private static void connect() {
        client = new GraphQl(host.url(), host.token());
        console = new ConsolePages(host).awaitUp();
    }

    @AfterAll
    static void stop() {
        client.close();
        console.close();
        host.close();
    }

    @Test
    @Order(1)
    void thePageShowsDomainsQueuesPoolsPluginsAndHealth() {
        assertThat(console.page("domains"))
                .contains("ethical-scoring", "content-processing", "EDF", "TLSF", "64.0 MiB")
                .contains("SAFE_FIFO", "digest.data", "native-access", "Hold still");
        assertThat(console.get("domains").headers().firstValue("Refresh")).hasValue("10");
        assertThat(console.get("domains?still").headers().firstValue("Refresh")).isEmpty();
    }

    @Test
    @Order(2)
    void aButtonPausesAndResumesADomainAndAForeignPageDoesNot() {
        Map<String, String> pause = Map.of("action", "pause", "domain", "content-processing");
        assertThat(console.foreignPost("domains", pause).statusCode()).isEqualTo(403);
        assertThat(status("content-processing")).isEqualTo("RUNNING");
        HttpResponse<byte[]> paused = console.post("domains", pause);
        assertThat(paused.statusCode()).isEqualTo(303);
        assertThat(paused.headers().firstValue("Location")).hasValue("/system/console/domains");
        assertThat(status("content-processing")).isEqualTo("PAUSED");
        console.post("domains", Map.of("action", "resume", "domain", "content-processing"));
        assertThat(status("content-processing")).isEqualTo("RUNNING");
    }

    @Test
    @Order(3)
    void aMistakenFormIsOneSentenceAndChangesNothing() {
        for (Map<String, String> form :
                java.util.List.of(
                        Map.of("action", "pause", "domain", "none-such"),
                        Map.of("action", "pause"),
                        Map.of("action", "explode", "domain", "ethical-scoring"),
                        Map.of("action", "reinstate", "kind", "ODD", "name", "EDF"),
                        Map.<String, String>of())) {
            HttpResponse<byte[]> answer = console.post("domains", form);
            assertThat(answer.statusCode()).as("%s", form).isEqualTo(409);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .matches("[A-Z_]+: [^\\n]+\\nNothing was changed.\\n");
        }
        assertThat(status("ethical-scoring")).isEqualTo("RUNNING");
    }

    @Test
    @Order(4)
    void aHostileNameStaysText() {
        console.post("domains", Map.of("action", "pause", "domain", "content-processing"));
        String task =
                client.schedule(
                        Map.of(
                                "domainId",
                                "content-processing",
                                "type",
                                "COMPUTATION",
                                "name",
                                HOSTILE));
        assertThat(console.page("domains"))
                .doesNotContain("<img src=x", "onerror=alert(1)>/system")
                .contains("&lt;img src=x onerror=alert(1)&gt;&#36;{appRoot}");
        assertThat(console.page("status-domain-runtime-queues")).doesNotContain("<img src=x");
        client.data("mutation($id: ID!) { cancelTask(taskId: $id) { id } }", Map.of("id", task));
        console.post("domains", Map.of("action", "resume", "domain", "content-processing"));
    }

    @Test
    @Order(5)
    void statusPagesComeAsTextAndAsJson() {
        assertThat(console.page("status-domain-runtime-domains.txt")).contains("ethical-scoring");
        assertThat(GraphQl.parse(console.page("status-domain-runtime-plugins.json")).toString())
                .contains("SAFE_FIFO");
        assertThat(console.page("status-domain-runtime-threads.txt")).contains("Worker threads");
        assertThat(console.page("status-domain-runtime-origins.txt"))
                .contains("scheduler.policy", "FILE", "DEFAULT");
    }

    @Test
    @Order(6)
    void thePartsOfHealthAreFelixHealthChecks() {
        assertThat(console.page("healthcheck?tags=domain-runtime"))
                .contains(
                        "Domain Runtime: disk",
                        "Domain Runtime: plugins",
                        "domain:ethical-scoring",
                        "10 HealthCheck executed, 0 failures");
    }

    @Test
    @Order(7)
    void theSupportArchiveHoldsOurPagesAndNoSecret() throws IOException {
        Path secret = host.data().resolve("secrets/other.key");
        Files.writeString(secret, PLANTED + "\n");
        // Requests with credentials, right and wrong, and a heap dump that must not join.
        client.get("/schema.graphqls");
        client.send(client.strangers("/x").header("Authorization", "Bearer drt_" + PLANTED));
        console.post("memoryusage", Map.of("command", "dump"));
        HttpResponse<byte[]> zip =
                console.get("status-domain-runtime-domains/configuration-status-x.zip");
        assertThat(zip.statusCode()).isEqualTo(200);
        Map<String, byte[]> entries = unpacked(zip.body());
        assertThat(new TreeSet<>(entries.keySet()).toString())
                .contains(
                        "Domain_Runtime__domains.txt",
                        "Domain_Runtime__plugins.json",
                        "Domain_Runtime__incidents.txt",
                        "Domain_Runtime__worker_threads.txt",
                        "Domain_Runtime__health.txt")
                .doesNotContain("hprof");
        String basic =
                Base64.getEncoder()
                        .encodeToString(("admin:" + host.token()).getBytes(StandardCharsets.UTF_8));
        entries.forEach((name, bytes) -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(text.contains(host.token())).as("the token is in %s", name).isFalse();
            assertThat(text.contains(PLANTED)).as("a secret is in %s", name).isFalse();
            assertThat(text.contains(basic)).as("a header is in %s", name).isFalse();
        });
    }

    @Test
    @Order(8)
    void aQuarantineIsShownAndEndedByAButton() {
        client.data(
                "mutation { ejectPlugin(kind: SCHEDULING_POLICY, name: \"EDF\", reason: \"<b>trial\") { id } }");
        await().atMost(GraphQl.LIMIT)
                .untilAsserted(() ->
                        assertThat(console.page("domains"))
                                .contains("dr-QUARANTINED", ">reinstate<", "SAFE_FIFO", "OPERATOR")
                                .doesNotContain("<b>trial"));
        assertThat(client.get("/readyz?verbose").text())
                .startsWith("ready\n")
                .contains("DEGRADED plugins: in quarantine: EDF until ");
        Map<String, String> form =
                Map.of("action", "reinstate", "kind", "SCHEDULING_POLICY", "name", "EDF");
        assertThat(console.foreignPost("domains", form).statusCode()).isEqualTo(403);
        assertThat(console.post("domains", form).statusCode()).isEqualTo(303);
        await().atMost(GraphQl.LIMIT)
                .untilAsserted(
                        () -> assertThat(console.page("domains")).doesNotContain("dr-QUARANTINED"));
        await().atMost(GraphQl.LIMIT)
                .untilAsserted(() -> assertThat(status("ethical-scoring")).isEqualTo("RUNNING"));
    }

    @Test
    @Order(9)
    void everySettingHasAPage() {
        String page = console.page("configMgr");
        assertThat(page)
                .contains(
                        "Domain Runtime: request gate",
                        "Domain Runtime: GraphQL limits",
                        "Domain Runtime: health",
                        "Domain Runtime: hardware metrics",
                        "Domain Runtime: file roots");
    }

    @Test
    @Order(10)
    void aChangedSettingTakesEffectAtOnceAndOutlivesARestart() throws Exception {
        assertThat(probe("other.example")).startsWith("HTTP/1.1 403");
        Map<String, String> form = new LinkedHashMap<>();
        form.put("apply", "true");
        form.put("propertylist", "hosts,signInBurst,signInMillis");
        form.put("hosts", "other.example");
        form.put("signInBurst", "20");
        form.put("signInMillis", "500");
        assertThat(console.foreignPost(GATE, form).statusCode()).isEqualTo(403);
        assertThat(probe("other.example")).startsWith("HTTP/1.1 403");
        assertThat(console.post(GATE, form).statusCode()).isEqualTo(302);
        await().atMost(GraphQl.LIMIT)
                .untilAsserted(() -> assertThat(probe("other.example")).startsWith("HTTP/1.1 200"));

        console.post(
                HEALTH,
                Map.of(
                        "apply", "true",
                        "propertylist", "diskDegradedMebibytes",
                        "diskDegradedMebibytes", String.valueOf(LARGEST_MEBIBYTES)));
        long free = Files.getFileStore(host.data()).getUsableSpace() >> 20;
        String expected = free < LARGEST_MEBIBYTES ? "DEGRADED" : "HEALTHY";
        await().atMost(GraphQl.LIMIT).untilAsserted(() -> assertThat(disk()).isEqualTo(expected));

        client.close();
        console.close();
        assertThat(host.stop()).isZero();
        host = HostProcess.start(installation, host.data());
        connect();
        assertThat(probe("other.example")).startsWith("HTTP/1.1 200");
        assertThat(disk()).isEqualTo(expected);
        assertThat(console.post(GATE, Map.of("apply", "true", "delete", "true")).statusCode())
                .isEqualTo(200);
        await().atMost(GraphQl.LIMIT)
                .untilAsserted(() -> assertThat(probe("other.example")).startsWith("HTTP/1.1 403"));
    }

    private static String disk() {
        for (var part :
                client.data("{ systemHealth { components { name status } } }")
                        .at("/systemHealth/components")) {
            if (part.path("name").asText().equals("disk")) return part.path("status").asText();
        }
        return "absent";
    }

    private static String probe(String name) throws IOException {
        return RawHttp.exchange(
                host.url(),
                "GET /livez HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n");
    }

    private static String status(String domain) {
        return client.data("query($id: ID!) { domain(id: $id) { status } }", Map.of("id", domain))
                .at("/domain/status")
                .asText();
    }

    private static Map<String, byte[]> unpacked(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                in.transferTo(bytes);
                entries.put(entry.getName(), bytes.toByteArray());
            }
        }
        return entries;
    }
}
