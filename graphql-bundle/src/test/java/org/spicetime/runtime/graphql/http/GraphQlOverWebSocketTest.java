// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;

/** The protocol through a real Jetty, as a client of the platform sees it. */
class GraphQlOverWebSocketTest extends JettyFixture {
    private static final String INIT =
            "{\"type\":\"connection_init\",\"payload\":{\"token\":\"right\"}}";
    private static final String ACK = "{\"type\":\"connection_ack\"}";

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void end() {
        client.shutdownNow();
    }

    private static final class Received implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();
        private final boolean reading;

        Received(boolean reading) {
            this.reading = reading;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (reading) socket.request(Long.MAX_VALUE);
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        String next() throws InterruptedException {
            String text = texts.poll(20, TimeUnit.SECONDS);
            if (text == null) throw new AssertionError("nothing came within 20 s");
            return text;
        }

        int code() throws Exception {
            return closed.get(20, TimeUnit.SECONDS);
        }
    }

    private WebSocket open(Received received, String... protocols) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (protocols.length > 0) {
            builder.subprotocols(
                    protocols[0],
                    List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/graphql"), received)
                .join();
    }

    private WebSocket ready(Received received) throws Exception {
        WebSocket socket = open(received, "graphql-transport-ws");
        assertThat(socket.getSubprotocol()).isEqualTo("graphql-transport-ws");
        socket.sendText(INIT, true).join();
        assertThat(received.next()).isEqualTo(ACK);
        return socket;
    }

    private static void subscribe(WebSocket socket, String id, String query) {
        socket.sendText(
                        "{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":\"%s\"}}"
                                .formatted(id, query),
                        true)
                .join();
    }

    /** Gives numbers up to a last one, as many as it is asked for, and then stays silent. */
    private static final class Numbers implements Subscription {
        final AtomicLong given = new AtomicLong();
        final CountDownLatch cancelled = new CountDownLatch(1);
        private final AtomicInteger wanted = new AtomicInteger();
        private final String text;
        private final int last;

        Numbers(String text, int last) {
            this.text = text;
            this.last = last;
        }

        private @Nullable Subscriber<? super Answer> subscriber;

        Outcome outcome() {
            return new Outcome.Stream(added -> {
                subscriber = added;
                added.onSubscribe(this);
            });
        }

        @Override
        public void request(long count) {
            if (wanted.getAndAdd((int) count) > 0) return;
            Subscriber<? super Answer> to = subscriber;
            do {
                if (to != null && cancelled.getCount() > 0 && given.get() < last) {
                    to.onNext(Answer.of(Map.of("data", text + given.incrementAndGet())));
                }
            } while (wanted.decrementAndGet() > 0);
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }
    }

    @Test
    void aStreamFlowsAndAClientsCompleteEndsIt() throws Exception {
        Numbers numbers = new Numbers("n", 1000);
        outcomes.put("s", numbers.outcome());
        Received received = new Received(true);
        WebSocket socket = ready(received);
        subscribe(socket, "1", "s");
        for (int i = 1; i <= 1000; i++) {
            assertThat(received.next())
                    .isEqualTo(
                            "{\"id\":\"1\",\"type\":\"next\",\"payload\":{\"data\":\"n%d\"}}"
                                    .formatted(i));
        }
        socket.sendText("{\"id\":\"1\",\"type\":\"complete\"}", true).join();

        assertThat(numbers.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        socket.abort();
    }

    @Test
    void aReaderThatStopsStopsTheSource() throws Exception {
        Numbers numbers = new Numbers("x".repeat(100_000), 5000);
        outcomes.put("s", numbers.outcome());
        Received received = new Received(false);
        WebSocket socket = open(received, "graphql-transport-ws");
        socket.sendText(INIT, true).join();
        subscribe(socket, "1", "s");

        // The buffers of both kernels fill, then nothing more is asked for.
        long before;
        long after = -1;
        do {
            before = after;
            CountDownLatch pause = new CountDownLatch(1);
            assertThat(pause.await(500, TimeUnit.MILLISECONDS)).isFalse();
            after = numbers.given.get();
        } while (after != before || after < 2);
        assertThat(after).isLessThan(5000);

        socket.abort();
        assertThat(numbers.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDroppedSocketCancelsItsStreams() throws Exception {
        Numbers numbers = new Numbers("n", 1000);
        outcomes.put("s", numbers.outcome());
        Received received = new Received(true);
        WebSocket socket = ready(received);
        subscribe(socket, "1", "s");
        assertThat(received.next()).contains("n1");
        socket.abort();

        assertThat(numbers.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void manyPingsAndQueriesAreAllAnswered() throws Exception {
        outcomes.put(
                "q",
                new Outcome.Executed(
                        CompletableFuture.completedFuture(Answer.of(Map.of("data", 1)))));
        Received received = new Received(true);
        WebSocket socket = ready(received);
        for (int i = 0; i < 500; i++) {
            socket.sendText("{\"type\":\"ping\",\"payload\":{\"i\":%d}}".formatted(i), true).join();
            subscribe(socket, "q" + i, "q");
        }
        for (int i = 0; i < 500; i++) {
            assertThat(received.next()).contains("pong", "{\"i\":%d}".formatted(i));
            assertThat(received.next()).contains("\"id\":\"q%d\"".formatted(i), "next");
            assertThat(received.next()).contains("\"id\":\"q%d\"".formatted(i), "complete");
        }
        socket.abort();
    }

    @Test
    void aBinaryMessageIsClosedWith4400() throws Exception {
        Received received = new Received(true);
        WebSocket socket = ready(received);
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();

        assertThat(received.code()).isEqualTo(4400);
    }

    @Test
    void aMessageAboveSixtyFourKilobytesIsClosedWith1009() throws Exception {
        Received received = new Received(true);
        WebSocket socket = ready(received);
        String open = "{\"type\":\"ping\",\"payload\":{\"x\":\"";
        String close = "\"}}";
        String fits = "x".repeat(64 * 1024 - open.length() - close.length());
        socket.sendText(open + fits + close, true).join();
        assertThat(received.next()).contains("pong");
        socket.sendText(open + fits + "x" + close, true).join();

        assertThat(received.code()).isEqualTo(1009);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "graphql-ws", "soap"})
    void anotherSubProtocolIsClosedWith4406(String protocol) throws Exception {
        Received received = new Received(true);
        if (protocol.isEmpty()) open(received);
        else open(received, protocol);

        assertThat(received.code()).isEqualTo(4406);
    }

    @Test
    void noInitIsClosedWith4408() throws Exception {
        Received received = new Received(true);
        open(received, "graphql-ws", "graphql-transport-ws");

        assertThat(received.code()).isEqualTo(4408);
    }

    @Test
    void stoppingClosesWith1001AndNothingElse() throws Exception {
        Numbers numbers = new Numbers("n", 1000);
        outcomes.put("s", numbers.outcome());
        Received received = new Received(true);
        ready(received);
        servlet.close();

        assertThat(received.code()).isEqualTo(1001);
        assertThat(received.texts).isEmpty();
    }

    @Test
    void withoutAnEngineTheUpgradeIsRefusedWith503() {
        servlet.unbindEngine(engine);

        assertThatThrownBy(() -> open(new Received(true), "graphql-transport-ws"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(503));
    }

    @Test
    void tooManySocketsWithoutSignInAreRefusedWith429() {
        for (int i = 0; i < 20; i++) open(new Received(true), "graphql-transport-ws");

        // A client sees its socket open before the host has counted it.
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 20; i++)
                                open(new Received(true), "graphql-transport-ws");
                        })
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(429));
    }
}
