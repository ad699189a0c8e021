// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;
import org.spicetime.runtime.graphql.sse.OpenResponses;

/** Operations over server-sent events, one to a connection. */
class ServerSentEventsTest extends JettyFixture {
    private static final String EVENTS = "Accept: text/event-stream";

    @Override
    OpenResponses responses() {
        return OpenResponses.start(Duration.ofMillis(300));
    }

    @Test
    void aQueryIsOneResponseAndItsEnd() throws Exception {
        answered("{ a }");

        for (Exchanged answer :
                List.of(post(body("{ a }"), EVENTS), get("/graphql?query=%7B%20a%20%7D", EVENTS))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().get("content-type"))
                    .isEqualToIgnoringCase("text/event-stream;charset=utf-8");
            assertThat(answer.headers().get("x-accel-buffering")).isEqualTo("no");
            assertThat(answer.headers().get("cache-control")).isEqualTo("no-store");
            assertThat(answer.body())
                    .contains(
                            "event: next\ndata: {\"data\":{\"a\":1}}\n\nevent: complete\ndata:\n\n");
        }
    }

    @Test
    void aRefusalIsAnEventToo() throws Exception {
        outcomes.put(
                "{ b }",
                new Outcome.Refused(List.of(Map.of("message", "no b")), Refusal.VALIDATION));

        Exchanged answer = post(body("{ b }"), EVENTS);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .contains("data: {\"errors\":[{\"message\":\"no b\"}]}\n\nevent: complete");
    }

    @Test
    void aMutationByGetIsStill405() throws Exception {
        outcomes.put(
                "m",
                new Outcome.Refused(
                        List.of(Map.of("message", "POST it")), Refusal.MUTATION_NOT_ALLOWED));

        Exchanged answer = get("/graphql?query=m", EVENTS);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers().get("allow")).isEqualTo("POST");
    }

    @Test
    void oneResponseIsAskedForAtATimeAndCommentsKeepTheStreamAlive() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        try (Socket socket = open("s")) {
            EventReader reader = new EventReader(socket);
            for (int i = 0; i < 3; i++) {
                assertThat(source.asked()).isEqualTo(1);
                source.to().onNext(Answer.of(Map.of("data", i)));
                assertThat(reader.upTo("data: {\"data\":" + i + "}")).contains("event: next");
            }
            reader.upTo(":");
            reader.upTo(":");
            source.to().onComplete();
            reader.upTo("event: complete");
        }
    }

    @Test
    void whereAStreamCanBeResumedIsTheIdOfItsEventsAndComesBackWithTheNextRequest()
            throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        try (Socket socket = open("s", "Last-Event-ID: c-6")) {
            EventReader reader = new EventReader(socket);
            assertThat(source.asked()).isEqualTo(1);
            source.to().onNext(resumable("c-7"));
            assertThat(reader.upTo("data: {\"data\":1}"))
                    .endsWith("id: c-7\nevent: next\ndata: {\"data\":1}\n");
            assertThat(source.asked()).isEqualTo(1);
            source.to().onNext(Answer.of(Map.of("data", 2)));
            assertThat(reader.upTo("data: {\"data\":2}")).doesNotContain("id:");
        }
        assertThat(asked.getFirst().resumeAfter()).isEqualTo("c-6");
        answered("{ a }");
        get("/graphql?query=%7B%20a%20%7D", "Last-Event-ID: c-6");
        assertThat(asked.getLast().resumeAfter()).isNull();
    }

    private static Answer resumable(String cursor) {
        return new Answer() {
            @Override
            public Map<String, @Nullable Object> map() {
                return Map.of("data", 1);
            }

            @Override
            public String cursor() {
                return cursor;
            }
        };
    }

    @Test
    void aClientThatIsGoneCancelsItsSource() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        try (Socket socket = open("s")) {
            assertThat(source.asked()).isEqualTo(1);
            socket.setSoLinger(true, 0);
        }

        assertThat(source.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void withoutAnEngineTheStreamEndsWithoutAnEvent() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        try (Socket socket = open("s")) {
            EventReader reader = new EventReader(socket);
            reader.upTo(":");
            assertThat(source.asked()).isEqualTo(1);
            servlet.unbindEngine(engine);

            assertThat(reader.rest()).doesNotContain("event:");
        }
        assertThat(source.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(servlet.streams()).isZero();
    }

    private void answered(String query) {
        Answer answer = Answer.of(Map.of("data", Map.of("a", 1)));
        outcomes.put(query, new Outcome.Executed(CompletableFuture.completedFuture(answer)));
    }

    private static String body(String query) {
        return "{\"query\":\"" + query + "\"}";
    }

    private Socket open(String query, String... more) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        String head =
                String.join(
                        "\r\n",
                        "GET /graphql?query=" + query + " HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Authorization: Bearer right",
                        EVENTS,
                        String.join("\r\n", more.length == 0 ? new String[] {"X-None: 1"} : more));
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
