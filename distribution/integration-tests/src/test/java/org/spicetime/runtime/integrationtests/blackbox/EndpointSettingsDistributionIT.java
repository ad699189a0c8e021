// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.integrationtests.Installation;

/**
 * The settings that open or close the endpoint, changed by file while the host runs: what each does
 * is seen with it and without it, over HTTP, server-sent events and WebSocket.
 */
@SuppressWarnings("NullAway.Init")
class EndpointSettingsDistributionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String GATE = "org.spicetime.runtime.security.RequestGate";
    private static final String SERVLET = "org.spicetime.runtime.graphql.http.GraphQlServlet";
    private static final String ENGINE = "org.spicetime.runtime.graphql.engine.EngineComponent";
    private static final String GUARD = "org.spicetime.runtime.security.ServerGuard";
    private static final String ORIGIN = "Origin: https://console.example:8443\r\n";
    private static final String EVENTS = "Accept: text/event-stream\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String UPGRADE =
            String.join(
                    "\r\n",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Protocol: graphql-transport-ws",
                    "");
    private static final String PLAIN = "{ __typename }";
    private static final String WATCH =
            "subscription { domainStatusChanged(domainId: \"content-processing\") }";
    private static final String SCHEMA = "{ __schema { queryType { name } } }";

    private static HostProcess host;
    private static GraphQl admin;
    private static GraphQl viewer;

    @BeforeAll
    static void start() throws IOException {
        Path data = HostProcess.freshData("settings");
        Path etc = Files.createDirectories(data.resolve("etc"));
        Files.writeString(etc.resolve(GATE + ".config"), KnowsAViewer.TARGET);
        Files.writeString(etc.resolve(SERVLET + ".config"), KnowsAViewer.TARGET);
        ObjectNode listed = GraphQl.JSON.createObjectNode();
        listed.put(sha256(PLAIN), PLAIN).put(sha256(WATCH), WATCH);
        Files.writeString(etc.resolve("persisted-documents.json"), listed.toString());
        Path deploy = Files.createDirectories(data.resolve("deploy"));
        Files.write(deploy.resolve("viewer.jar"), KnowsAViewer.bundle().bytes());
        host = HostProcess.start(Installation.assembled(), data);
        admin = new GraphQl(host.url(), host.token());
        viewer = new GraphQl(host.url(), KnowsAViewer.TOKEN);
        await("the viewer is known")
                .atMost(LIMIT)
                .until(() -> viewer.send(PLAIN, Map.of()).status() == 200);
    }

    @AfterAll
    static void stop() {
        if (viewer != null) viewer.close();
        if (admin != null) admin.close();
        if (host != null) host.close();
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void set(String component, String settings) throws IOException {
        Path file = host.data().resolve("etc").resolve(component + ".config");
        Path made = Files.writeString(host.data().resolveSibling("settings"), settings);
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void gate(String settings) throws IOException {
        set(GATE, KnowsAViewer.TARGET + settings);
    }

    private static String exchange(String method, String path, String headers, String body)
            throws IOException {
        return RawHttp.exchange(
                host.url(),
                "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(method, path, host.token(), headers, body.length(), body));
    }

    private static String get(String document, String headers) throws IOException {
        String query = URLEncoder.encode(document, StandardCharsets.UTF_8);
        return exchange("GET", "/graphql?query=" + query, headers, "");
    }

    private static String post(String document, String headers) throws IOException {
        String body = GraphQl.JSON.createObjectNode().put("query", document).toString();
        return exchange("POST", "/graphql", headers, body);
    }

    private static void isAnswered(String response) {
        assertThat(response)
                .startsWith("HTTP/1.1 200")
                .contains("{\"data\":{\"__typename\":\"Query\"}}");
    }

    private static void isForbidden(String response) {
        assertThat(response).startsWith("HTTP/1.1 403").contains("FORBIDDEN");
    }

    /** What a socket answers to an operation: its first result, or the errors of its refusal. */
    private static String overSocket(GraphQl client, String document) {
        try (Subscription socket = client.subscribe(document, Map.of())) {
            return socket.first().toString();
        }
    }

    @Test
    void theStricterRuleWantsAHeaderThatNoFormCanSend() throws Exception {
        String preflight = "Apollo-Require-Preflight: yes\r\n";
        withoutTheStricterRule();

        gate("strictCsrf=B\"true\"\n");

        await("the rule holds")
                .atMost(LIMIT)
                .until(() -> get(PLAIN, "").startsWith("HTTP/1.1 403"));
        isForbidden(get(PLAIN, ""));
        isForbidden(get(PLAIN, EVENTS));
        isForbidden(post(PLAIN, "Content-Type: text/plain\r\n"));
        isForbidden(exchange("PUT", "/graphql/stream", "", ""));
        isAnswered(get(PLAIN, preflight));
        isAnswered(get(PLAIN, EVENTS + preflight));
        isAnswered(post(PLAIN, JSON));
        isAnswered(post(PLAIN, JSON + EVENTS));
        assertThat(exchange("PUT", "/graphql/stream", preflight, "")).startsWith("HTTP/1.1 201");
        assertThat(overSocket(admin, PLAIN)).isEqualTo("{\"__typename\":\"Query\"}");

        gate("");

        await("the rule is off").atMost(LIMIT).until(() -> get(PLAIN, "").contains(" 200 "));
        withoutTheStricterRule();
    }

    private static void withoutTheStricterRule() throws IOException {
        isAnswered(get(PLAIN, ""));
        isAnswered(get(PLAIN, EVENTS));
        assertThat(post(PLAIN, "Content-Type: text/plain\r\n")).startsWith("HTTP/1.1 415");
        assertThat(exchange("PUT", "/graphql/stream", "", "")).startsWith("HTTP/1.1 201");
        assertThat(overSocket(admin, PLAIN)).isEqualTo("{\"__typename\":\"Query\"}");
    }

    @Test
    void pagesOfAnOriginThatIsConfiguredMayUseGraphQl() throws Exception {
        String asks = ORIGIN + "Access-Control-Request-Method: POST\r\n";
        String allowed = "Access-Control-Allow-Origin: https://console.example:8443";
        onlyOwnPages(asks);

        gate("origins=[\"https://console.example:8443\"]\n");

        await("the origin is allowed")
                .atMost(LIMIT)
                .until(() -> exchange("OPTIONS", "/graphql", asks, "").contains(allowed));
        String crossSite = ORIGIN + "Sec-Fetch-Site: cross-site\r\n";
        for (String accept : new String[] {"", EVENTS}) {
            String posted = post(PLAIN, JSON + crossSite + accept);
            isAnswered(posted);
            assertThat(posted).contains(allowed);
        }
        assertThat(exchange("PUT", "/graphql/stream", crossSite, ""))
                .startsWith("HTTP/1.1 201")
                .contains(allowed);
        isForbidden(post(PLAIN, JSON + crossSite.replace("8443", "8444")));
        // Nobody begins to speak on it, so the host closes it.
        assertThat(get(PLAIN, UPGRADE + ORIGIN)).startsWith("HTTP/1.1 101");
        assertThat(get(PLAIN, UPGRADE + ORIGIN.replace("8443", "8444"))).startsWith("HTTP/1.1 403");

        gate("");

        await("no origin is allowed")
                .atMost(LIMIT)
                .until(() -> post(PLAIN, JSON + ORIGIN).contains(" 403 "));
        onlyOwnPages(asks);
    }

    private static void onlyOwnPages(String asks) throws IOException {
        assertThat(exchange("OPTIONS", "/graphql", asks, "")).doesNotContain("Access-Control");
        isForbidden(post(PLAIN, JSON + ORIGIN));
        isForbidden(post(PLAIN, JSON + EVENTS + ORIGIN));
        isForbidden(exchange("PUT", "/graphql/stream", ORIGIN, ""));
        isForbidden(get(PLAIN, UPGRADE + ORIGIN));
    }

    @Test
    void whatTheServerAnswersByItselfTellsNothingOfIt() throws IOException {
        String unread =
                RawHttp.exchange(host.url(), "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(unread).startsWith("HTTP/1.1 400").endsWith("\r\n\r\n400 Bad Request\n");
        assertThat(exchange("GET", "/nothing", "", ""))
                .startsWith("HTTP/1.1 404")
                .endsWith("\r\n\r\n404 Not Found\n");
    }

    @Test
    void aClientThatSendsItsHeadTooSlowlyIsCut() throws Exception {
        set(GUARD, "headSeconds=I\"1\"\n");
        await("slow heads are cut")
                .atMost(LIMIT)
                .until(() -> {
                    try (Socket slow = new Socket(host.url().getHost(), host.url().getPort())) {
                        slow.setSoTimeout(5_000);
                        slow.getOutputStream()
                                .write("GET / HT".getBytes(StandardCharsets.US_ASCII));
                        return slow.getInputStream().read() < 0;
                    } catch (SocketTimeoutException stillThere) {
                        return false;
                    }
                });
        isAnswered(get(PLAIN, ""));
        set(GUARD, "headSeconds=I\"20\"\n");
        assertThat(Files.readString(host.data().resolve("log/host.log")))
                .contains("the head of its request took longer than 1 s");
    }

    @Test
    void anAddressHasItsShareOfConnections() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            set(GUARD, "connectionsPerAddress=I\"8\"\n");
            await("one connection too many is closed")
                    .atMost(LIMIT)
                    .until(() -> {
                        Socket next = new Socket(host.url().getHost(), host.url().getPort());
                        held.add(next);
                        next.setSoTimeout(500);
                        try {
                            return next.getInputStream().read() < 0;
                        } catch (SocketTimeoutException stillThere) {
                            return false;
                        } catch (IOException reset) {
                            return true;
                        }
                    });
            assertThat(held).hasSizeLessThan(30);
        } finally {
            for (Socket socket : held) socket.close();
            set(GUARD, "connectionsPerAddress=I\"2500\"\n");
        }
        await("there is room again")
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> get(PLAIN, "").startsWith("HTTP/1.1 200"));
    }

    @Test
    void onlyListedDocumentsAreAnswered() throws Exception {
        String unlisted = "{ viewer { name } }";
        assertThat(admin.data(unlisted).at("/viewer/name").asText()).isEqualTo("admin");
        assertThat(get(unlisted, EVENTS)).contains("\"name\":\"admin\"");
        assertThat(overSocket(admin, unlisted)).contains("admin");

        set(ENGINE, "persistedOnly=B\"true\"\n");

        await("only listed documents are answered")
                .atMost(LIMIT)
                .until(() -> post(unlisted, JSON).contains("FORBIDDEN"));
        for (GraphQl client : new GraphQl[] {admin, viewer}) {
            assertThat(client.send(unlisted, Map.of()).code()).isEqualTo("FORBIDDEN");
            assertThat(overSocket(client, unlisted)).contains("FORBIDDEN");
            assertThat(client.data(PLAIN).path("__typename").asText()).isEqualTo("Query");
            assertThat(overSocket(client, WATCH))
                    .isEqualTo("{\"domainStatusChanged\":\"RUNNING\"}");
        }
        assertThat(get(unlisted, EVENTS)).contains("event: next").contains("FORBIDDEN");
        isAnswered(get(PLAIN, EVENTS));
        assertThat(onReservedStream(unlisted)).contains("FORBIDDEN");
        assertThat(onReservedStream(PLAIN)).startsWith("202");
        ObjectNode byHash = GraphQl.JSON.createObjectNode();
        byHash.putObject("extensions")
                .putObject("persistedQuery")
                .put("version", 1)
                .put("sha256Hash", sha256(PLAIN));
        assertThat(viewer.sendJson(byHash).data().path("__typename").asText()).isEqualTo("Query");

        set(ENGINE, "persistedOnly=B\"false\"\n");

        await("any document is answered")
                .atMost(LIMIT)
                .until(() -> post(unlisted, JSON).contains("\"name\":\"admin\""));
        assertThat(get(unlisted, EVENTS)).contains("\"name\":\"admin\"");
        assertThat(overSocket(viewer, unlisted)).contains("viewer");
        assertThat(onReservedStream(unlisted)).startsWith("202");
    }

    /** Status and text with which a reserved stream takes an operation, or does not. */
    private static String onReservedStream(String document) {
        String token =
                admin.send(
                                admin.request("/graphql/stream")
                                        .PUT(HttpRequest.BodyPublishers.noBody()))
                        .text();
        ObjectNode operation = GraphQl.JSON.createObjectNode().put("query", document);
        operation.putObject("extensions").put("operationId", "one");
        GraphQl.Answer answer =
                admin.send(
                        admin.request("/graphql/stream")
                                .header("Content-Type", "application/json")
                                .header("X-GraphQL-Event-Stream-Token", token)
                                .POST(HttpRequest.BodyPublishers.ofString(operation.toString())));
        return answer.status() + " " + answer.text();
    }

    @Test
    void theSchemaIsToldToAdministratorsAlone() throws Exception {
        theSchemaIsToldTo(admin);
        theSchemaIsToldTo(viewer);

        set(ENGINE, "introspection=B\"false\"\n");

        await("the schema is not told")
                .atMost(LIMIT)
                .until(() -> viewer.get("/schema.graphqls").status() == 403);
        GraphQl.Answer refused = viewer.send(SCHEMA, Map.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("FORBIDDEN");
        assertThat(events(viewer)).contains("event: next").contains("FORBIDDEN");
        assertThat(overSocket(viewer, SCHEMA)).contains("FORBIDDEN");
        assertThat(viewer.data(PLAIN).path("__typename").asText()).isEqualTo("Query");
        theSchemaIsToldTo(admin);

        set(ENGINE, "introspection=B\"true\"\n");

        await("the schema is told")
                .atMost(LIMIT)
                .until(() -> viewer.get("/schema.graphqls").status() == 200);
        theSchemaIsToldTo(viewer);
    }

    private static void theSchemaIsToldTo(GraphQl client) {
        assertThat(client.get("/schema.graphqls").text()).contains("type DomainRuntime");
        JsonNode told = client.data(SCHEMA);
        assertThat(told.at("/__schema/queryType/name").asText()).isEqualTo("Query");
        assertThat(events(client)).contains(told.toString());
        assertThat(overSocket(client, SCHEMA)).isEqualTo(told.toString());
    }

    private static String events(GraphQl client) {
        return client.send(
                        client.request(
                                        "/graphql?query="
                                                + URLEncoder.encode(SCHEMA, StandardCharsets.UTF_8))
                                .header("Accept", "text/event-stream"))
                .text();
    }
}
