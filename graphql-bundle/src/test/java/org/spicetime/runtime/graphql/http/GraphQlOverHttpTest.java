// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.GraphQlRequest;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;

class GraphQlOverHttpTest extends JettyFixture {
    private static final String RESPONSE = "Accept: application/graphql-response+json";
    private static final String ANSWER = "{\"data\":{\"a\":\"é😀\"}}";

    private static Outcome executed() {
        return new Outcome.Executed(
                CompletableFuture.completedFuture(Answer.of(Map.of("data", Map.of("a", "é😀")))));
    }

    private static String url(String query) {
        return "/graphql?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "*/*, application/json;charset=utf-8",
        "application/json, application/json;charset=utf-8",
        "application/graphql-response+json, application/graphql-response+json;charset=utf-8"
    })
    void anExecutedRequestIs200InTheTypeAskedFor(String accept, String expected) throws Exception {
        outcomes.put("{a}", executed());
        Exchanged answer = post("{\"query\":\"{a}\"}", "Accept: " + accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("content-type")).isEqualToIgnoringCase(expected);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        assertThat(answer.body()).isEqualTo(ANSWER);
        GraphQlRequest request = asked.getFirst();
        assertThat(request.caller()).isEqualTo(ADMIN);
        assertThat(request.queriesOnly()).isFalse();
        assertThat(request.streaming()).isFalse();
        assertThat(answer.headers()).containsEntry("x-request-id", request.requestId());
    }

    @ParameterizedTest
    @CsvSource({
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, true",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00, true",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more, true",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, true",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more, false",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more, false",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, false",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01, false",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01, false",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01, false",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7, false",
        "4bf92f3577b34da6a3ce929d0e0e4736, false"
    })
    void theTraceOfARequestIsReadAsW3cSays(String traceparent, boolean isOne) throws Exception {
        outcomes.put("{a}", executed());
        Exchanged answer = post("{\"query\":\"{a}\"}", "traceparent: " + traceparent);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(asked.getFirst().traceId())
                .isEqualTo(isOne ? "4bf92f3577b34da6a3ce929d0e0e4736" : null);
    }

    @Test
    void anExtensionTellsTheTraceOfOneOperationAndABadOneNothing() throws Exception {
        outcomes.put("{a}", executed());
        String header = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (String own :
                List.of("\"00-" + "1".repeat(32) + "-00f067aa0ba902b7-01\"", "\"x\"", "7"))
            post("{\"query\":\"{a}\",\"extensions\":{\"traceparent\":" + own + "}}", header);
        assertThat(asked)
                .extracting(GraphQlRequest::traceId)
                .containsExactly(
                        "1".repeat(32),
                        "4bf92f3577b34da6a3ce929d0e0e4736",
                        "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void parametersReachTheEngineAsTheyWere() throws Exception {
        outcomes.put("{a}", executed());
        post(
                "{\"query\":\"{a}\",\"operationName\":\"A\",\"variables\":{\"n\":null,\"l\":[1]},"
                        + "\"extensions\":{\"x\":true},\"other\":7}");

        GraphQlRequest request = asked.getFirst();
        assertThat(request.operationName()).isEqualTo("A");
        assertThat(request.variables()).containsEntry("n", null).containsEntry("l", List.of(1));
        assertThat(request.extensions()).containsEntry("x", true);
    }

    @Test
    void theUrlOfAGetCarriesTheSameParameters() throws Exception {
        outcomes.put("{a é}", executed());
        Exchanged answer =
                get(
                        url("{a é}")
                                + "&operationName=A&variables=%7B%22n%22:1%7D&extensions=%7B%22x%22:2%7D");

        assertThat(answer.body()).isEqualTo(ANSWER);
        GraphQlRequest request = asked.getFirst();
        assertThat(request.queriesOnly()).isTrue();
        assertThat(request.operationName()).isEqualTo("A");
        assertThat(request.variables()).containsEntry("n", 1);
        assertThat(request.extensions()).containsEntry("x", 2);
    }

    @Test
    void aGetAnswerIsTaggedAndNotSentTwice() throws Exception {
        outcomes.put("{a}", executed());
        Exchanged first = get(url("{a}"));
        String tag = String.valueOf(first.headers().get("etag"));

        assertThat(tag).matches("W/\"[A-Za-z0-9_-]{22}\"");
        assertThat(first.headers()).containsEntry("cache-control", "private, no-cache");
        Exchanged again = get(url("{a}"), "If-None-Match: \"other\", " + tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers()).containsEntry("etag", tag);
        assertThat(get(url("{a}"), "If-None-Match: \"other\"").status()).isEqualTo(200);
        assertThat(post("{\"query\":\"{a}\"}").headers()).doesNotContainKey("etag");
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        outcomes.put("{a}", executed());
        Exchanged answer = exchange("HEAD", url("{a}"), null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void aRefusedDocumentHasTheStatusOfItsKindAndMediaType(Refusal kind) throws Exception {
        outcomes.put("x", new Outcome.Refused(List.of(Map.of("message", "no")), kind));
        Exchanged json = post("{\"query\":\"x\"}", "Accept: application/json");
        Exchanged response = post("{\"query\":\"x\"}", RESPONSE);

        int[] expected =
                switch (kind) {
                    case MUTATION_NOT_ALLOWED -> new int[] {405, 405};
                    case RATE_LIMITED -> new int[] {429, 429};
                    case FORBIDDEN -> new int[] {403, 403};
                    case SUBSCRIPTION_NOT_ALLOWED, PERSISTED_QUERY_MALFORMED ->
                            new int[] {400, 400};
                    default -> new int[] {200, 400};
                };
        assertThat(new int[] {json.status(), response.status()}).isEqualTo(expected);
        assertThat(json.body()).isEqualTo("{\"errors\":[{\"message\":\"no\"}]}");
        if (kind == Refusal.MUTATION_NOT_ALLOWED) {
            assertThat(json.headers()).containsEntry("allow", "POST");
        }
        assertThat(json.headers()).containsEntry("cache-control", "no-store");
    }

    @Test
    void aStrangerGets401InTheTypeAskedFor() throws Exception {
        for (Exchanged answer :
                List.of(
                        post("{\"query\":\"{a}\"}", "anonymous", RESPONSE),
                        post("nonsense", "anonymous", RESPONSE),
                        exchange("OPTIONS", "/graphql", null, "anonymous", RESPONSE),
                        exchange("PUT", "/graphql", "x", "anonymous", RESPONSE))) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
            assertThat(answer.headers().get("content-type"))
                    .startsWith("application/graphql-response+json");
            assertThat(answer.body()).contains("\"code\":\"UNAUTHENTICATED\"");
        }
        assertThat(get("/schema.graphqls", "anonymous").status()).isEqualTo(401);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "7",
                "{}",
                "{\"query\":null}",
                "{\"query\":7}",
                "{\"query\":{}}",
                "{\"query\":\"{a}\",\"query\":\"{a}\"}",
                "{\"query\":\"{a}\",\"operationName\":0}",
                "{\"query\":\"{a}\",\"variables\":\"x\"}",
                "{\"query\":\"{a}\",\"variables\":[]}",
                "{\"query\":\"{a}\",\"extensions\":false}",
                "[{\"query\":\"{a}\"},{\"query\":\"{a}\"}]",
                "\uFEFF{\"query\":\"{a}\"}",
            })
    void aMalformedRequestIs400InBothTypes(String body) throws Exception {
        outcomes.put("{a}", executed());
        for (String accept : List.of("Accept: application/json", RESPONSE)) {
            Exchanged answer = post(body, accept);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .startsWith("{\"errors\":[{\"message\":\"")
                    .contains("\"code\":\"BAD_USER_INPUT\"", "\"requestId\"");
        }
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/graphql",
                "/graphql?query=",
                "/graphql?query=%7Ba%7D&query=x",
                "/graphql?query=%7Ba%7D&variables=%7B",
                "/graphql?query=%7Ba%7D&variables=[]",
                "/graphql?query=%ff",
                "/graphql?query=%7",
                "/graphql?query=%zz",
            })
    void aMalformedUrlIs400(String path) throws Exception {
        outcomes.put("{a}", executed());
        outcomes.put("", new Outcome.Refused(List.of(Map.of("message", "empty")), Refusal.PARSE));

        assertThat(get(path, RESPONSE).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/graphql",
                "application/json; charset=utf-16",
                "application/json, text/plain",
            })
    void onlyJsonIsTaken(String type) throws Exception {
        Exchanged answer = post("{\"query\":\"{a}\"}", "Content-Type: " + type);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(asked).isEmpty();
        assertThat(post("{}", "Content-Encoding: gzip").status()).isEqualTo(415);
    }

    @Test
    void nothingAcceptableIs406() throws Exception {
        for (String accept : List.of("text/html", "multipart/mixed")) {
            Exchanged answer = post("{\"query\":\"{a}\"}", "Accept: " + accept);
            assertThat(answer.status()).isEqualTo(406);
            assertThat(answer.body()).contains("application/graphql-response+json");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void otherMethodsAre405AndOptionsNamesTheRightOnes() throws Exception {
        for (String method : List.of("PUT", "DELETE", "PATCH", "NONSENSE")) {
            Exchanged answer = exchange(method, "/graphql", null);
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.headers()).containsEntry("allow", "GET, HEAD, POST, OPTIONS");
        }
        Exchanged options = exchange("OPTIONS", "/graphql", null);
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.headers())
                .containsEntry("allow", "GET, HEAD, POST, OPTIONS")
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void aBodyAboveTheLimitIs413AndTheConnectionEnds() throws Exception {
        String head =
                """
                POST /graphql HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer right\r
                Content-Type: application/json\r
                """;
        Exchanged announced = Exchanged.send(port, head + "Content-Length: 262145\r\n\r\n");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.headers()).containsEntry("connection", "close");

        byte[] chunk = new byte[PostedRequest.BODY_BYTES + 1];
        Arrays.fill(chunk, (byte) ' ');
        String chunked =
                head
                        + "Transfer-Encoding: chunked\r\n\r\n40001\r\n"
                        + new String(chunk, StandardCharsets.US_ASCII)
                        + "\r\n";
        Exchanged unannounced = Exchanged.send(port, chunked);
        assertThat(unannounced.status()).isEqualTo(413);
        assertThat(unannounced.headers()).containsEntry("connection", "close");
        assertThat(asked).isEmpty();
    }

    @Test
    void anAnswerThatLeavesTheBodyUnreadTellsThatTheConnectionEnds() throws Exception {
        String request =
                """
                POST /graphql HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer right\r
                Content-Type: text/plain\r
                Content-Length: 5\r
                \r
                hello\
                """;
        Exchanged answer = Exchanged.send(port, request);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.headers()).containsEntry("connection", "close");
    }

    @Test
    void anAnswerThatTakesTimeHoldsNoThread() throws Exception {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        outcomes.put("slow", new Outcome.Executed(result));
        outcomes.put("{a}", executed());
        int many = 250; // more than Jetty has threads
        CountDownLatch answered = new CountDownLatch(many);
        List<Thread> clients =
                java.util.stream.IntStream.range(0, many)
                        .mapToObj(i ->
                                Thread.ofVirtual()
                                        .start(() -> {
                                            try {
                                                if (post("{\"query\":\"slow\"}")
                                                        .body()
                                                        .equals("{\"data\":1}")) {
                                                    answered.countDown();
                                                }
                                            } catch (Exception e) {
                                                throw new AssertionError(e);
                                            }
                                        }))
                        .toList();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (asked.size() < many) {
            assertThat(System.nanoTime()).as("%d arrived", asked.size()).isLessThan(end);
            Thread.onSpinWait();
        }

        assertThat(post("{\"query\":\"{a}\"}").status()).isEqualTo(200);
        result.complete(Answer.of(Map.of("data", 1)));
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        for (Thread client : clients) client.join();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1", "1001, 2", "0, 1"})
    void whoIsOverItsRateIsToldTheSecondsToWait(long millis, String seconds) throws Exception {
        Map<String, @Nullable Object> error =
                Map.of("message", "slow down", "extensions", Map.of("retryAfter", millis));
        outcomes.put("x", new Outcome.Refused(List.of(error), Refusal.RATE_LIMITED));
        Exchanged answer = post("{\"query\":\"x\"}");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).containsEntry("retry-after", seconds);
    }

    @Test
    void aDefectOfTheEngineTellsNothingButAnIncident() throws Exception {
        outcomes.put(
                "failed",
                new Outcome.Executed(
                        CompletableFuture.failedFuture(new IllegalStateException("a secret"))));
        outcomes.put(
                "unwritable",
                new Outcome.Executed(
                        CompletableFuture.completedFuture(Answer.of(Map.of("data", Double.NaN)))));
        for (String query : List.of("throws", "failed", "unwritable")) {
            Exchanged answer = post("{\"query\":\"%s\"}".formatted(query));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("\"code\":\"INTERNAL_SERVER_ERROR\"", "\"incident\"")
                    .doesNotContain("secret", "Exception", "NaN");
        }
    }

    @Test
    void withoutAnEngineItIs503() throws Exception {
        servlet.unbindEngine(engine);
        Exchanged answer = post("{\"query\":\"{a}\"}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("retry-after", "1");
    }

    @Test
    void theSchemaIsServedWithATag() throws Exception {
        Exchanged answer = get("/schema.graphqls");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("type Query { a: Int }");
        String tag = String.valueOf(answer.headers().get("etag"));
        assertThat(get("/schema.graphqls", "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(exchange("POST", "/schema.graphqls", "x").status()).isEqualTo(405);
        told = false;
        Exchanged closed = get("/schema.graphqls", "If-None-Match: " + tag);
        assertThat(closed.status()).isEqualTo(403);
        assertThat(closed.body()).isEmpty();
    }
}
