// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** GraphQL over HTTP and WebSocket with the JDK's own client. Thread-safe. */
final class GraphQlClient implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI endpoint;
    private final String token;

    GraphQlClient(URI host, String token) {
        this.endpoint = host.resolve("/graphql");
        this.token = token;
    }

    /** The {@code data} of the answer; any error of the request ends the demo. */
    JsonNode query(String document, Map<String, Object> variables)
            throws IOException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(Map.of("query", document, "variables", variables));
        HttpRequest request =
                HttpRequest.newBuilder(endpoint)
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header(
                                "Accept",
                                "application/graphql-response+json, application/json;q=0.9")
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        JsonNode answer = JSON.readTree(response.body());
        if (answer.path("errors").size() > 0) {
            throw new IOException("the host refused a request: " + answer.path("errors"));
        }
        if (response.statusCode() != 200) {
            throw new IOException("the host answered status " + response.statusCode());
        }
        return answer.path("data");
    }

    /** Opens a subscription on a socket of its own; each {@code data} goes to the listener. */
    AutoCloseable subscribe(
            String document, Map<String, Object> variables, Consumer<JsonNode> listener)
            throws IOException {
        String operation =
                JSON.writeValueAsString(
                        Map.of(
                                "id", "1",
                                "type", "subscribe",
                                "payload", Map.of("query", document, "variables", variables)));
        URI address = URI.create("ws" + endpoint.toString().substring("http".length()));
        WebSocket socket;
        try {
            socket =
                    http.newWebSocketBuilder()
                            .subprotocols("graphql-transport-ws")
                            .header("Authorization", "Bearer " + token)
                            .buildAsync(address, new SubscriptionListener(operation, listener))
                            .join();
        } catch (CompletionException e) {
            throw new IOException("the host refused the WebSocket", e.getCause());
        }
        socket.sendText("{\"type\":\"connection_init\"}", true).join();
        return () -> socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Override
    public void close() {
        http.close();
    }
}
