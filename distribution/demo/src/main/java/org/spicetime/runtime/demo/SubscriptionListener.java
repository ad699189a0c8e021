// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of {@code graphql-transport-ws} for one operation. Called by one thread at a
 * time.
 */
final class SubscriptionListener implements WebSocket.Listener {

    private final StringBuilder message = new StringBuilder();
    private final String operation;
    private final Consumer<JsonNode> listener;

    SubscriptionListener(String operation, Consumer<JsonNode> listener) {
        this.operation = operation;
        this.listener = listener;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            String text = message.toString();
            message.setLength(0);
            handle(socket, text);
        }
        socket.request(1);
        return null;
    }

    private void handle(WebSocket socket, String text) {
        JsonNode frame;
        try {
            frame = GraphQlClient.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the host sent no JSON: " + text, e);
        }
        switch (frame.path("type").asText()) {
            case "connection_ack" -> send(socket, operation);
            case "ping" -> send(socket, "{\"type\":\"pong\"}");
            case "next" -> listener.accept(frame.path("payload").path("data"));
            case "error" ->
                    throw new IllegalStateException("the host refused the subscription: " + frame);
            default -> {
                // complete and pong need no answer
            }
        }
    }

    /** A frame that cannot be sent ends the demo by the answer that stays out. */
    private static void send(WebSocket socket, String text) {
        var _ = socket.sendText(text, true);
    }
}
