// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
import org.spicetime.runtime.graphql.sse.SharedStream;
import org.spicetime.runtime.graphql.sse.SharedStreams;

/** Many operations on one stream of server-sent events; time is virtual. */
class SharedStreamTest extends JettyFixture {
    private static final String PATH = GraphQlServlet.STREAM_PATH;
    private static final String EVENTS = "Accept: text/event-stream";
    private static final Duration HEARTBEAT = Duration.ofSeconds(12);

    @Override
    OpenResponses responses() {
        return new OpenResponses(HEARTBEAT, clock, clock::nanoTime);
    }

    @Test
    void operationsGoToTheStreamTheirTokenNames() throws Exception {
        answered("{ a }");
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        String token = reserve();
        try (Socket socket = read(token)) {
            EventReader reader = new EventReader(socket);
            assertThat(reader.upTo(":"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: text/event-stream;charset=utf-8\n")
                    .containsIgnoringCase("X-Accel-Buffering: no\n")
                    .containsIgnoringCase("Cache-Control: no-store\n");
            Exchanged begun = begin(token, "watch", "s");
            assertThat(begun.status()).isEqualTo(202);
            assertThat(begun.body()).isEmpty();
            assertThat(source.asked()).isEqualTo(1);
            source.to().onNext(Answer.of(Map.of("data", 1)));
            reader.upTo("data: {\"id\":\"watch\",\"payload\":{\"data\":1}}");
            assertThat(begin(token, "q\\u00e9\\n", "{ a }").status()).isEqualTo(202);
            assertThat(reader.upTo("data: {\"id\":\"qé\\n\"}"))
                    .contains(
                            "event: next\ndata: {\"id\":\"qé\\n\",\"payload\":{\"data\":{\"a\":1}}}\n\nevent: complete\n");
            assertThat(source.asked()).isEqualTo(1);
            source.to().onComplete();
            reader.upTo("event: complete");
            reader.upTo("data: {\"id\":\"watch\"}");
            assertThat(begin(token, "watch", "{ a }").status()).isEqualTo(202);
            reader.upTo("data: {\"id\":\"watch\"}");
        }
        assertThat(asked.getFirst().extensions()).containsEntry("operationId", "watch");
    }

    @Test
    void whatBeginsBeforeTheReaderComesWaitsForIt() throws Exception {
        answered("{ a }");
        String token = reserve();

        assertThat(begin(token, "early", "{ a }").status()).isEqualTo(202);

        try (Socket socket = readByUrl(token)) {
            new EventReader(socket).upTo("data: {\"id\":\"early\"}");
        }
    }

    @Test
    void streamsOfACallerWhoseTokenIsGoneEndWithinFiveSeconds() throws Exception {
        DrivenSource shared = new DrivenSource();
        DrivenSource distinct = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(shared));
        outcomes.put("t", new Outcome.Stream(distinct));
        String token = reserve();
        try (Socket one = read(token);
                Socket other = new Socket(InetAddress.getLoopbackAddress(), port)) {
            EventReader reader = new EventReader(one);
            reader.upTo(":");
            assertThat(begin(token, "watch", "s").status()).isEqualTo(202);
            other.getOutputStream()
                    .write(
                            "GET /graphql?query=t HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer right\r\nAccept: text/event-stream\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            EventReader second = new EventReader(other);
            second.upTo(":");
            clock.pass(HEARTBEAT);
            assertThat(servlet.streams()).isEqualTo(2);

            authenticator.revoke();
            clock.pass(Duration.ofSeconds(5));

            assertThat(shared.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(distinct.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(servlet.streams()).isZero();
        }
    }

    @Test
    void aStreamHasOneReader() throws Exception {
        String token = reserve();
        try (Socket socket = read(token)) {
            new EventReader(socket).upTo(":");

            Exchanged second = stream("GET", "", token, null, EVENTS);

            assertThat(second.status()).isEqualTo(409);
            assertThat(second.body()).contains("CONFLICT");
            assertThat(stream("PUT", "", token, null).status()).isEqualTo(409);
        }
    }

    @Test
    void anIdUnderWayIsNotTakenTwiceAndIsFreeWhenStopped() throws Exception {
        DrivenSource first = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(first));
        answered("{ a }");
        String token = reserve();
        try (Socket socket = read(token)) {
            EventReader reader = new EventReader(socket);
            assertThat(begin(token, "1", "s").status()).isEqualTo(202);
            assertThat(begin(token, "1", "{ a }").status()).isEqualTo(409);
            assertThat(first.cancelled.getCount()).isEqualTo(1);

            assertThat(stream("DELETE", "?operationId=1", token, null).status()).isEqualTo(200);

            assertThat(first.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            first.to().onNext(Answer.of(Map.of("data", "late")));
            assertThat(begin(token, "1", "{ a }").status()).isEqualTo(202);
            assertThat(reader.upTo("data: {\"id\":\"1\"}")).doesNotContain("late");
            assertThat(stream("DELETE", "?operationId=never", token, null).status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsRefusedIsAnsweredByStatusAndTakesNoPlace() throws Exception {
        outcomes.put("{ b }", refused(Refusal.VALIDATION));
        outcomes.put("m", refused(Refusal.MUTATION_NOT_ALLOWED));
        answered("{ a }");
        String token = reserve();

        for (int i = 0; i < 2; i++) {
            Exchanged refused = begin(token, "1", "{ b }");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).isEqualTo("{\"errors\":[{\"message\":\"no\"}]}");
        }
        assertThat(begin(token, "1", "secret").status()).isEqualTo(500);
        String byUrl = "&extensions=%7B%22operationId%22:%221%22%7D";
        Exchanged mutation = stream("GET", "?query=m" + byUrl, token, null);
        assertThat(mutation.status()).isEqualTo(405);
        assertThat(mutation.headers()).containsEntry("allow", "POST");
        assertThat(stream("GET", "?query=%7B%20a%20%7D" + byUrl, token, null).status())
                .isEqualTo(202);
    }

    @Test
    void requestsThatLackSomethingAreToldSo() throws Exception {
        String token = reserve();
        String query = "{\"query\":\"{ a }\"}";

        assertThat(post(token, query).status()).isEqualTo(400);
        assertThat(post(token, body("", "{ a }")).status()).isEqualTo(400);
        assertThat(post(token, body("x".repeat(257), "{ a }")).status()).isEqualTo(400);
        assertThat(post(token, "{").status()).isEqualTo(400);
        assertThat(stream("POST", "", token, query, "Content-Type: text/plain").status())
                .isEqualTo(415);
        assertThat(stream("DELETE", "", token, null).status()).isEqualTo(400);
        assertThat(stream("PATCH", "", token, null).headers())
                .containsEntry("allow", "GET, POST, PUT, DELETE, OPTIONS");
        assertThat(stream("GET", "", token, null, "Accept: text/html").status()).isEqualTo(406);
        assertThat(stream("PUT", "", null, null, "Accept: text/event-stream").status())
                .isEqualTo(406);
        for (String other : new String[] {null, "unknown"}) {
            assertThat(stream("GET", "", other, null, EVENTS).status()).isEqualTo(404);
            assertThat(post(other, body("1", "{ a }")).status()).isEqualTo(404);
            assertThat(stream("DELETE", "?operationId=1", other, null).status()).isEqualTo(404);
        }
        assertThat(stream("PUT", "", null, null, "anonymous").status()).isEqualTo(401);
        assertThat(stream("GET", "", token, null, EVENTS, "anonymous").status()).isEqualTo(401);
        assertThat(asked).isEmpty();
    }

    @Test
    void aReservationThatNobodyComesForEndsAndItsOperationsToo() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        String token = reserve();
        begin(token, "1", "s");
        clock.pass(SharedStreams.RESERVATION.minusSeconds(1));
        assertThat(source.cancelled.getCount()).isEqualTo(1);

        clock.pass(Duration.ofSeconds(4));

        assertThat(source.cancelled.getCount()).isZero();
        assertThat(servlet.streams()).isZero();
        assertThat(stream("GET", "", token, null, EVENTS).status()).isEqualTo(404);
    }

    @Test
    void aUserHasSoManyReadersAndReservationsMakeWay() throws Exception {
        String first = reserve();
        for (int i = 1; i < SharedStreams.PER_USER; i++) {
            clock.pass(Duration.ofNanos(1));
            reserve();
        }
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < SharedStreams.PER_USER; i++) {
                Socket reader = read(reserve());
                readers.add(reader);
                new EventReader(reader).upTo(":");
                assertThat(begin(first, "1", "{ a }").status()).isEqualTo(404);
            }
            assertThat(servlet.streams()).isEqualTo(SharedStreams.PER_USER);

            Exchanged refused = stream("PUT", "", null, null);

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(refused.body()).contains("RATE_LIMITED");
            readers.getFirst().setSoLinger(true, 0);
            readers.getFirst().close();
            while (stream("PUT", "", null, null).status() == 429) Thread.onSpinWait();
        } finally {
            for (Socket reader : readers) reader.close();
        }
    }

    @Test
    void aStreamHasSoManyOperations() throws Exception {
        String token = reserve();
        for (int i = 0; i < SharedStream.OPERATIONS; i++) {
            outcomes.put("s", new Outcome.Stream(new DrivenSource()));
            assertThat(begin(token, "s" + i, "s").status()).isEqualTo(202);
        }

        assertThat(begin(token, "more", "s").status()).isEqualTo(429);

        stream("DELETE", "?operationId=s0", token, null);
        assertThat(begin(token, "more", "s").status()).isEqualTo(202);
    }

    @Test
    void whenTheReaderIsGoneItsOperationsEndAndItsTokenIsWorthless() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        String token = reserve();
        try (Socket socket = read(token)) {
            new EventReader(socket).upTo(":");
            begin(token, "1", "s");
            source.asked();
            socket.setSoLinger(true, 0);
        }

        while (!source.cancelled.await(20, TimeUnit.MILLISECONDS)) clock.pass(HEARTBEAT);

        assertThat(begin(token, "2", "s").status()).isEqualTo(404);
        assertThat(servlet.streams()).isZero();
    }

    @Test
    void withoutAnEngineStreamsEndWithoutAnEvent() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        String token = reserve();
        String reserved = reserve();
        try (Socket socket = read(token)) {
            EventReader reader = new EventReader(socket);
            reader.upTo(":");
            begin(token, "1", "s");
            source.asked();

            servlet.unbindEngine(engine);

            assertThat(reader.rest()).doesNotContain("event:");
        }
        assertThat(source.cancelled.getCount()).isZero();
        assertThat(stream("PUT", "", null, null).status()).isEqualTo(503);
        servlet.bindEngine(engine);
        assertThat(stream("GET", "", reserved, null, EVENTS).status()).isEqualTo(404);
        assertThat(servlet.streams()).isZero();
    }

    private void answered(String query) {
        Answer answer = Answer.of(Map.of("data", Map.of("a", 1)));
        outcomes.put(query, new Outcome.Executed(CompletableFuture.completedFuture(answer)));
    }

    private static Outcome refused(Refusal kind) {
        return new Outcome.Refused(List.of(Map.of("message", "no")), kind);
    }

    private String reserve() throws Exception {
        Exchanged reserved = stream("PUT", "", null, null);
        assertThat(reserved.status()).isEqualTo(201);
        assertThat(reserved.headers().get("content-type")).startsWith("text/plain");
        assertThat(reserved.body()).matches("[A-Za-z0-9_-]{43}");
        return reserved.body();
    }

    private Exchanged begin(String token, String operationId, String query) throws Exception {
        return post(token, body(operationId, query));
    }

    private static String body(String operationId, String query) {
        return "{\"query\":\"%s\",\"extensions\":{\"operationId\":\"%s\"}}"
                .formatted(query, operationId);
    }

    private Exchanged post(@Nullable String token, String body) throws Exception {
        return stream("POST", "", token, body, "Content-Type: application/json");
    }

    private Exchanged stream(
            String method,
            String query,
            @Nullable String token,
            @Nullable String body,
            String... headers)
            throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        if (token != null) all.add(StreamEndpoint.TOKEN_HEADER + ": " + token);
        return exchange(method, PATH + query, body, all.toArray(String[]::new));
    }

    private Socket read(String token) throws IOException {
        return open(PATH, StreamEndpoint.TOKEN_HEADER + ": " + token);
    }

    private Socket readByUrl(String token) throws IOException {
        return open(PATH + "?token=" + token, "X-Nothing: 1");
    }

    private Socket open(String path, String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        String head =
                String.join(
                        "\r\n",
                        "GET " + path + " HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Authorization: Bearer right",
                        EVENTS,
                        header);
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
