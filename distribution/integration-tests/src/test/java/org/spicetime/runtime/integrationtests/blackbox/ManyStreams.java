// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Many subscriptions on one socket, of which the first answer counts. Called by one thread. */
final class ManyStreams implements AutoCloseable {
    private final Map<String, JsonNode> first = new ConcurrentHashMap<>();
    private final CountDownLatch acknowledged = new CountDownLatch(1);
    private final WebSocket socket;

    ManyStreams(GraphQl client) {
        socket = client.socket(new Frames());
        send(GraphQl.JSON.createObjectNode().put("type", "connection_init"));
        try {
            if (!acknowledged.await(GraphQl.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the socket was not acknowledged: " + first);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    void subscribe(String id, JsonNode request) {
        ObjectNode frame = GraphQl.JSON.createObjectNode().put("type", "subscribe").put("id", id);
        frame.set("payload", request);
        send(frame);
    }

    /** Waits until something is so, for as long as a refusal may take. */
    void await(BooleanSupplier condition) {
        Awaitility.await().atMost(GraphQl.LIMIT).until(condition::getAsBoolean);
    }

    /** The first frame of an operation; null: none yet. */
    @Nullable JsonNode first(String id) {
        return first.get(id);
    }

    /** The errors of a first frame; missing: it was accepted so far. */
    static JsonNode errors(@Nullable JsonNode frame) {
        if (frame == null) return GraphQl.JSON.missingNode();
        return frame.path("type").asText().equals("error")
                ? frame.path("payload")
                : frame.path("payload").path("errors");
    }

    private void send(JsonNode frame) {
        socket.sendText(frame.toString(), true).join();
    }

    @Override
    public void close() {
        if (!socket.isOutputClosed()) socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                JsonNode frame = GraphQl.parse(message.toString());
                message.setLength(0);
                if (frame.path("type").asText().equals("connection_ack")) acknowledged.countDown();
                if (frame.has("id")) first.putIfAbsent(frame.path("id").asText(), frame);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            first.put(
                    "closed",
                    GraphQl.JSON.createObjectNode().put("code", code).put("reason", reason));
            return null;
        }
    }
}
