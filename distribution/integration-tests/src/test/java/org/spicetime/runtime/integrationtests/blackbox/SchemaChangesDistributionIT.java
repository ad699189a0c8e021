// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * Bundles dropped into {@code deploy/} change the schema of a running host, or are told why not.
 */
@SuppressWarnings("NullAway.Init")
class SchemaChangesDistributionIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String STATUS =
            "subscription { domainStatusChanged(domainId: \"content-processing\") }";

    private static HostProcess host;
    private static GraphQl client;

    @BeforeAll
    static void start() throws IOException {
        host = HostProcess.start(Installation.assembled(), HostProcess.freshData("schema"));
        client = new GraphQl(host.url(), host.token());
    }

    @AfterAll
    static void stop() {
        client.close();
        host.close();
    }

    private static boolean serves(String element) {
        return client.get("/schema.graphqls").text().contains(element);
    }

    private static void awaitServed(String element, boolean served) {
        await(element + (served ? " is served" : " is gone"))
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> serves(element) == served);
    }

    private static String problems() {
        StringBuilder told = new StringBuilder();
        for (JsonNode component :
                client.data("{ systemHealth { components { name message } } }")
                        .at("/systemHealth/components")) {
            if (component.path("name").asText().equals("schema")) {
                told.append(component.path("message").asText(""));
            }
        }
        return told.toString();
    }

    @Test
    void aBundleThatIsDroppedIsServedAndGoesWithItsFile() throws IOException {
        long before = System.nanoTime();
        Path jar = VendorBundle.drop(host, "com.acme.good", SampleContribution.Kind.GOOD);
        awaitServed("acmeThing", true);
        System.out.printf(
                "served %d ms after the drop%n", (System.nanoTime() - before) / 1_000_000);
        assertThat(
                        client.data(
                                        "{ acmeThing(name: \"x\") { name size } nameless: acmeThing { name } }")
                                .toString())
                .isEqualTo(
                        "{\"acmeThing\":{\"name\":\"x\",\"size\":3},\"nameless\":{\"name\":\"nameless\"}}");
        assertThat(client.data("{ schemaInfo { sdl } }").at("/schemaInfo/sdl").asText())
                .contains("type AcmeThing")
                .isEqualTo(client.get("/schema.graphqls").text());

        String task =
                client.schedule(
                        Map.of(
                                "domainId",
                                "content-processing",
                                "type",
                                "COMPUTATION",
                                "runAt",
                                "2099-01-01T00:00:00Z"));
        try (Subscription stream =
                client.subscribe(
                        "subscription($id: ID!) { taskUpdated(taskId: $id) { status acmeAge } }",
                        Map.of("id", task))) {
            assertThat(stream.next().at("/taskUpdated/acmeAge").asText()).startsWith("since 20");
            Files.delete(jar);
            JsonNode last = stream.refusal();
            assertThat(last.at("/0/extensions/code").asText()).isEqualTo("SCHEMA_CHANGED");
            assertThat(stream.awaitComplete()).isEmpty();
        }
        awaitServed("acmeThing", false);
        assertThat(client.send("{ acmeThing { name } }", Map.of()).code())
                .isEqualTo("GRAPHQL_VALIDATION_FAILED");
    }

    @Test
    void aPolicyThatIsDroppedIsAValueOfTheSchemaAsLongAsItsFile() throws IOException {
        Path kit = Installation.assembled().home().resolve("vendor-kit");
        Path example;
        try (Stream<Path> jars = Files.list(kit)) {
            example =
                    jars.filter(jar -> jar.getFileName().toString().contains("keyedpolicy"))
                            .findFirst()
                            .orElseThrow();
        }
        Path copy = Files.copy(example, host.data().resolveSibling("example.jar"));
        Path jar = host.data().resolve("deploy/example.jar");
        long before = System.nanoTime();
        Files.move(copy, jar, StandardCopyOption.ATOMIC_MOVE);
        awaitServed("EXAMPLE_WSJF", true);
        System.out.printf(
                "a value %d ms after the drop%n", (System.nanoTime() - before) / 1_000_000);
        assertThat(client.data("{ schedulingPolicies { policy name } }").toString())
                .contains("\"policy\":\"EXAMPLE_WSJF\"");
        Files.delete(jar);
        awaitServed("EXAMPLE_WSJF", false);
        GraphQl.Answer refused =
                client.send(
                        "mutation { configureDomain(domainId: \"ethical-scoring\", config: {scheduler: {policy: EXAMPLE_WSJF}}) { id } }",
                        Map.of());
        assertThat(refused.code()).isEqualTo("BAD_USER_INPUT");
        assertThat(refused.error().at("/extensions/reason").asText()).isEqualTo("NOT_AVAILABLE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BROKEN_SYNTAX | line 2: its SDL does not parse",
                "OVERRIDES     | line 2: field Query.domains exists and cannot be overridden",
                "NO_FETCHER    | line 2: field Query.badOne has no fetcher",
                "HUGE          | at most 65536 are accepted",
                "SDL_HANGS     | it did not say within 2000 ms",
                "SDL_THROWS    | no fragment today"
            })
    void aBrokenFragmentIsToldAndChangesNothing(SampleContribution.Kind kind, String reason)
            throws IOException {
        String before = client.get("/schema.graphqls").text();
        Path jar = VendorBundle.drop(host, "com.bad.one", kind);
        try {
            await(kind + " is told").atMost(LIMIT).until(() -> problems().contains(reason));
            assertThat(problems()).contains("bundle com.bad.one 1.0.0");
            assertThat(client.get("/schema.graphqls").text()).isEqualTo(before);
            Path good = VendorBundle.drop(host, "com.acme.other", SampleContribution.Kind.GOOD);
            awaitServed("acmeThing", true);
            assertThat(client.data("{ acmeThing { size } }").at("/acmeThing/size").asInt())
                    .isEqualTo(3);
            Files.delete(good);
            awaitServed("acmeThing", false);
        } finally {
            Files.delete(jar);
        }
        await("the problem is forgotten").atMost(LIMIT).until(() -> problems().isEmpty());
        assertThat(client.get("/schema.graphqls").text()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"FETCHER_THROWS, INTERNAL_SERVER_ERROR", "FETCHER_HANGS, REQUEST_TIMEOUT"})
    void aFetcherThatFailsIsOneErrorOfItsField(SampleContribution.Kind kind, String code)
            throws IOException {
        Path jar = VendorBundle.drop(host, "com.bad.one", kind);
        try {
            awaitServed("badOne", true);
            GraphQl.Answer answer = client.send("{ a: badOne b: badOne domains { id } }", Map.of());
            assertThat(answer.body().path("errors").size()).isEqualTo(2);
            assertThat(answer.body().at("/errors/0/extensions/code").asText()).isEqualTo(code);
            assertThat(answer.text()).doesNotContain("secret").doesNotContain("java.");
            assertThat(answer.body().at("/data/domains").size()).isGreaterThanOrEqualTo(2);
            if (kind == SampleContribution.Kind.FETCHER_THROWS) awaitIncidents(answer);
        } finally {
            Files.delete(jar);
        }
        awaitServed("badOne", false);
        if (kind == SampleContribution.Kind.FETCHER_THROWS) {
            assertThat(host.log()).doesNotContain("OutOfMemory");
        }
    }

    private static String hostLog() throws IOException {
        return Files.readString(host.data().resolve("log/host.log"));
    }

    /** The log tells what the answer does not. */
    private static void awaitIncidents(GraphQl.Answer answer) throws IOException {
        for (JsonNode error : answer.body().path("errors")) {
            String incident = error.at("/extensions/incident").asText();
            assertThat(incident).as(answer.text()).hasSize(36);
            await("the log tells of " + incident)
                    .atMost(LIMIT)
                    .until(() ->
                            hostLog()
                                    .lines()
                                    .anyMatch(line ->
                                            line.contains(incident)
                                                    && line.contains(
                                                            error.at("/path/0").asText())));
        }
        assertThat(hostLog()).contains("java.io.IOException: a secret of the vendor");
    }

    @Test
    void openSubscriptionsNoticeNothingOfFiftySwaps() throws IOException {
        int first = generation();
        try (Subscription stream = client.subscribe(STATUS, Map.of())) {
            assertThat(stream.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            Path jar = VendorBundle.drop(host, "com.flap.one", SampleContribution.Kind.FLAPS);
            int items = 0;
            while (generation() < first + 50) {
                String next = items % 2 == 0 ? "PAUSED" : "RUNNING";
                String change = items % 2 == 0 ? "pauseDomain" : "resumeDomain";
                client.data("mutation { " + change + "(domainId: \"content-processing\") { id } }");
                assertThat(stream.next().path("domainStatusChanged").asText()).isEqualTo(next);
                items++;
            }
            if (items % 2 == 1) {
                client.data("mutation { resumeDomain(domainId: \"content-processing\") { id } }");
                assertThat(stream.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            }
            System.out.printf("%d items over 50 swaps%n", items);
            assertThat(items).isGreaterThan(20);
            Files.delete(jar);
        }
    }

    private static int generation() {
        return client.data("{ schemaInfo { generation } }").at("/schemaInfo/generation").asInt();
    }
}
