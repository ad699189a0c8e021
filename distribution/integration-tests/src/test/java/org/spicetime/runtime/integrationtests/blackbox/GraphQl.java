// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks GraphQL over HTTP and WebSocket with the JDK's own client. Thread-safe. */
final class GraphQl implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String RESPONSE_JSON = "application/graphql-response+json";
    static final Duration LIMIT = Duration.ofSeconds(60);

    // The offer to change to HTTP/2 over plain HTTP is an upgrade, which no browser sends.
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(LIMIT)
                    .build();
    private final URI host;
    private final String token;

    GraphQl(URI host, String token) {
        this.host = host;
        this.token = token;
    }

    /** Status and body of an answer. Immutable. */
    record Answer(int status, String contentType, String text) {

        JsonNode body() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON, but status " + status + ": " + text, e);
            }
        }

        /** The data of an answer without errors. */
        JsonNode data() {
            assertThat(body().path("errors").isMissingNode()).as("errors of %s", text).isTrue();
            assertThat(status).isEqualTo(200);
            return body().path("data");
        }

        /** The only error of the answer. */
        JsonNode error() {
            assertThat(body().path("errors").size()).as("errors of %s", text).isEqualTo(1);
            return body().path("errors").get(0);
        }

        /** The code of the only error. */
        String code() {
            return error().path("extensions").path("code").asText("no code");
        }
    }

    Answer send(String document, Map<String, ?> variables) {
        return sendJson(JSON.valueToTree(Map.of("query", document, "variables", variables)));
    }

    Answer sendJson(JsonNode request) {
        return post(request.toString().getBytes(StandardCharsets.UTF_8), RESPONSE_JSON);
    }

    /** A request whose variables are given as they are. */
    static ObjectNode request(String document, JsonNode variables) {
        ObjectNode request = JSON.createObjectNode();
        request.put("query", document);
        request.set("variables", variables);
        return request;
    }

    JsonNode data(String document, Map<String, ?> variables) {
        return send(document, variables).data();
    }

    JsonNode data(String document) {
        return data(document, Map.of());
    }

    /** Any body to {@code /graphql}. */
    Answer post(byte[] body, String accept) {
        return send(
                request("/graphql")
                        .header("Content-Type", "application/json")
                        .header("Accept", accept)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Answer get(String path) {
        return send(request(path));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse("none"),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A GET with the token. */
    HttpRequest.Builder request(String path) {
        return strangers(path).header("Authorization", "Bearer " + token);
    }

    /** A GET without credentials. */
    HttpRequest.Builder strangers(String path) {
        return HttpRequest.newBuilder(host.resolve(path)).timeout(LIMIT);
    }

    /** A socket with the sub-protocol of GraphQL, not initialised. */
    WebSocket socket(WebSocket.Listener frames) {
        URI address = URI.create("ws" + host.toString().substring("http".length()) + "/graphql");
        return http.newWebSocketBuilder()
                .subprotocols("graphql-transport-ws")
                .header("Authorization", "Bearer " + token)
                .buildAsync(address, frames)
                .join();
    }

    /** A subscription on a socket of its own. */
    Subscription subscribe(String document, Map<String, ?> variables) {
        return Subscription.open(http, host, token, document, variables);
    }

    /** The id of a new task. */
    String schedule(Map<String, ?> input) {
        JsonNode task =
                data(
                        "mutation($input: TaskInput!) { scheduleTask(input: $input) { id } }",
                        Map.of("input", input));
        return task.path("scheduleTask").path("id").asText();
    }

    /** The last state of a task; it must end by itself. */
    JsonNode awaitEnd(String task, String selection) {
        try (Subscription updates =
                subscribe(
                        "subscription($id: ID!) { taskUpdated(taskId: $id) { status } }",
                        Map.of("id", task))) {
            updates.awaitComplete();
        }
        return data("query($id: ID!) { task(id: $id) { " + selection + " } }", Map.of("id", task))
                .path("task");
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    static @Nullable String textOf(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? null : node.asText();
    }

    @Override
    public void close() {
        http.close();
    }
}
