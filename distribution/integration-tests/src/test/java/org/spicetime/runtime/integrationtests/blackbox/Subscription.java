// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One operation over {@code graphql-transport-ws}. Called by one thread at a time. */
final class Subscription implements AutoCloseable {

    private static final String ID = "one";

    private final WebSocket socket;
    private final Frames frames;

    private Subscription(WebSocket socket, Frames frames) {
        this.socket = socket;
        this.frames = frames;
    }

    static Subscription open(
            HttpClient http, URI host, String token, String document, Map<String, ?> variables) {
        Frames frames = new Frames();
        URI address = URI.create("ws" + host.toString().substring("http".length()) + "/graphql");
        WebSocket socket =
                http.newWebSocketBuilder()
                        .subprotocols("graphql-transport-ws")
                        .header("Authorization", "Bearer " + token)
                        .buildAsync(address, frames)
                        .join();
        Subscription subscription = new Subscription(socket, frames);
        subscription.send(Map.of("type", "connection_init"));
        assertThat(frames.next().path("type").asText()).isEqualTo("connection_ack");
        subscription.send(
                Map.of(
                        "id",
                        ID,
                        "type",
                        "subscribe",
                        "payload",
                        Map.of("query", document, "variables", variables)));
        return subscription;
    }

    /** The data of the next event. */
    JsonNode next() {
        JsonNode frame = frames.next();
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("next");
        assertThat(frame.path("payload").has("errors")).as("%s", frame).isFalse();
        return frame.path("payload").path("data");
    }

    /** The data of the first result, or the errors with which the operation is refused. */
    JsonNode first() {
        JsonNode payload = frames.next().path("payload");
        return payload.isArray() ? payload : payload.path("data");
    }

    /** The errors with which the operation is refused. */
    JsonNode refusal() {
        JsonNode frame = frames.next();
        boolean refused = frame.path("type").asText().equals("error");
        return refused ? frame.path("payload") : frame.path("payload").path("errors");
    }

    /** The data of all events until the stream ends by itself. */
    List<JsonNode> awaitComplete() {
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode frame = frames.next();
                !frame.path("type").asText().equals("complete");
                frame = frames.next()) {
            assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("next");
            events.add(frame.path("payload").path("data"));
        }
        return events;
    }

    /** The code with which the host closes the socket, whatever comes before. */
    int awaitClosed() {
        JsonNode frame = frames.next();
        while (!frame.path("type").asText().equals("closed")) frame = frames.next();
        return frame.path("code").asInt();
    }

    private void send(Map<String, ?> frame) {
        socket.sendText(GraphQl.JSON.valueToTree(frame).toString(), true).join();
    }

    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    /** Puts the frames of the host into a queue; answers pings. */
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> queue = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();

        JsonNode next() {
            try {
                JsonNode frame = queue.poll(GraphQl.LIMIT.toSeconds(), TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("no frame within " + GraphQl.LIMIT);
                }
                return frame;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence part, boolean last) {
            message.append(part);
            CompletionStage<?> answered = null;
            if (last) {
                JsonNode frame = GraphQl.parse(message.toString());
                message.setLength(0);
                if (frame.path("type").asText().equals("ping")) {
                    answered = socket.sendText("{\"type\":\"pong\"}", true);
                } else {
                    queue.add(frame);
                }
            }
            socket.request(1);
            return answered;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            queue.add(
                    GraphQl.JSON
                            .createObjectNode()
                            .put("type", "closed")
                            .put("code", code)
                            .put("reason", reason));
            return null;
        }
    }
}
