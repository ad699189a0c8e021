// SPDX-License-Identifier: Apache-2.0

package org.spicetime.runtime.graphql.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.GraphQlRequest;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;
import org.spicetime.runtime.graphql.transport.RequestIds;

class GraphQlConnectionTest {
    private static final Caller ADMIN = new Caller("admin", Role.ADMIN, true);
    private static final String INIT =
            "{\"type\":\"connection_init\",\"payload\":{\"token\":\"right\"}}";
    private static final String ACK = "{\"type\":\"connection_ack\"}";

    private final FakeTimer timer = new FakeTimer();
    private final List<GraphQlRequest> asked = new ArrayList<>();
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private final Engine theEngine =
            new Engine() {
                @Override
                public Outcome execute(GraphQlRequest request) {
                    asked.add(request);
                    Outcome outcome = outcomes.get(String.valueOf(request.query()));
                    if (outcome == null) throw new IllegalStateException("an engine's defect");
                    return outcome;
                }

                @Override
                public String sdl() {
                    return "";
                }

                @Override
                public String sdlHash() {
                    return "";
                }
            };
    private final AtomicReference<@Nullable Engine> engine = new AtomicReference<>(theEngine);
    private final Authenticator authenticator =
            token -> token.equals("right") ? Optional.of(ADMIN) : Optional.empty();
    private final Sockets sockets =
            new Sockets(engine::get, () -> authenticator, new RequestIds(), timer, () -> timer.now);
    private final FakePeer peer = new FakePeer();
    private final GraphQlConnection connection = open(peer, null);

    private GraphQlConnection open(FakePeer to, @Nullable Caller caller) {
        GraphQlConnection opening = new GraphQlConnection(to, sockets, "127.0.0.1", caller);
        opening.opened();
        return opening;
    }

    private FakeSource stream(String query) {
        FakeSource source = new FakeSource();
        outcomes.put(query, new Outcome.Stream(source));
        return source;
    }

    private void subscribe(String id, String query) {
        connection.receive(
                "{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":\"%s\"}}"
                        .formatted(id, query));
    }

    private void complete(String id) {
        connection.receive("{\"id\":\"%s\",\"type\":\"complete\"}".formatted(id));
    }

    private static String next(String id, int value) {
        return "{\"id\":\"%s\",\"type\":\"next\",\"payload\":{\"data\":%d}}".formatted(id, value);
    }

    private static String completed(String id) {
        return "{\"id\":\"%s\",\"type\":\"complete\"}".formatted(id);
    }

    @Test
    void aTokenInTheFirstMessageSignsIn() {
        connection.receive(INIT);

        assertThat(peer.taken).containsExactly(ACK);
        assertThat(peer.closed).isNull();
    }

    @Test
    void whoSignedInWithTheUpgradeNeedsNoToken() {
        FakePeer other = new FakePeer();
        open(other, ADMIN).receive("{\"type\":\"connection_init\",\"payload\":null}");

        assertThat(other.taken).containsExactly(ACK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"connection_init\"}",
                "{\"type\":\"connection_init\",\"payload\":{}}",
                "{\"type\":\"connection_init\",\"payload\":{\"token\":\"wrong\"}}",
                "{\"type\":\"connection_init\",\"payload\":{\"token\":7}}",
            })
    void withoutAValidTokenTheSocketIsClosedWith4403(String init) {
        connection.receive(init);

        assertThat(peer.closed).isEqualTo("4403 Forbidden");
        assertThat(peer.taken).isEmpty();
    }

    @Test
    void aWrongTokenIsNotHiddenByTheUpgrade() {
        FakePeer other = new FakePeer();
        open(other, ADMIN)
                .receive("{\"type\":\"connection_init\",\"payload\":{\"token\":\"wrong\"}}");

        assertThat(other.closed).isEqualTo("4403 Forbidden");
    }

    @Test
    void aSecondInitIsClosedWith4429() {
        connection.receive(INIT);
        connection.receive(INIT);

        assertThat(peer.closed).isEqualTo("4429 Too many initialisation requests");
    }

    @Test
    void noInitWithinThreeSecondsIsClosedWith4408() {
        timer.pass(Duration.ofMillis(2999));
        assertThat(peer.closed).isNull();

        timer.pass(Duration.ofMillis(1));

        assertThat(peer.closed).isEqualTo("4408 Connection initialisation timeout");
    }

    @Test
    void anInitInTimeStopsThatTimer() {
        timer.pass(Duration.ofMillis(2999));
        connection.receive(INIT);
        timer.pass(Duration.ofMinutes(10));

        assertThat(peer.closed).isNull();
        assertThat(peer.pings).isEqualTo(10);
    }

    @Test
    void aSubscribeBeforeTheAckIsClosedWith4401() {
        stream("s");
        subscribe("1", "s");

        assertThat(peer.closed).isEqualTo("4401 Unauthorized");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "null",
                "{}",
                "{\"type\":null}",
                "{\"type\":7}",
                "{\"type\":\"start\"}",
                "{\"type\":\"connection_ack\"}",
                "{\"type\":\"next\",\"id\":\"1\"}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"payload\":\"x\"}",
                "{\"type\":\"pong\",\"payload\":[]}",
                "{\"type\":\"complete\"}",
                "{\"type\":\"complete\",\"id\":1}",
                "{\"type\":\"subscribe\",\"payload\":{\"query\":\"s\"}}",
                "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{\"query\":\"s\"}}",
                "{\"type\":\"subscribe\",\"id\":\"1\"}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":7}}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":null}}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":[{\"query\":\"s\"}]}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\"s\",\"variables\":[]}}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\"s\",\"operationName\":{}}}",
                "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"query\":\"s\",\"extensions\":1}}",
            })
    void anInvalidMessageIsClosedWith4400(String message) {
        stream("s");
        connection.receive(INIT);
        connection.receive(message);

        assertThat(peer.closed).startsWith("4400 ");
        assertThat(asked).isEmpty();
    }

    @Test
    void aBinaryMessageIsClosedWith4400() {
        connection.receiveBinary();

        assertThat(peer.closed).startsWith("4400 ");
    }

    @Test
    void anIdInUseIsClosedWith4409() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        subscribe("1", "s");

        assertThat(peer.closed).isEqualTo("4409 Subscriber for 1 already exists");
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void aReasonIsNeverLongerThanACloseFrame() {
        stream("s");
        connection.receive(INIT);
        String id = "é".repeat(500);
        subscribe(id, "s");
        subscribe(id, "s");

        String reason = String.valueOf(peer.closed).substring("4409 ".length());
        assertThat(reason).startsWith("Subscriber for é");
        assertThat(reason.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .isBetween(120, 123);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aPingIsAnsweredAtOnceAlsoBeforeTheAck(boolean afterAck) {
        if (afterAck) connection.receive(INIT);
        peer.taken.clear();
        connection.receive("{\"type\":\"ping\"}");
        connection.receive("{\"type\":\"ping\",\"payload\":{\"a\":[1,null]}}");
        connection.receive("{\"type\":\"pong\",\"payload\":{\"b\":1}}");
        connection.receive("{\"type\":\"pong\",\"payload\":null}");

        assertThat(peer.taken)
                .containsExactly(
                        "{\"type\":\"pong\"}",
                        "{\"type\":\"pong\",\"payload\":{\"a\":[1,null]}}");
        assertThat(peer.closed).isNull();
    }

    @Test
    void aQueryIsOneNextAndComplete() {
        CompletableFuture<Map<String, @Nullable Object>> result = new CompletableFuture<>();
        outcomes.put("q", new Outcome.Executed(result));
        connection.receive(INIT);
        connection.receive(
                "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"q\",\"operationName\":null,"
                        + "\"variables\":{\"a\":null},\"extensions\":null}}");
        assertThat(peer.taken).containsExactly(ACK);

        result.complete(Map.of("data", 1));

        assertThat(peer.taken).containsExactly(ACK, next("1", 1), completed("1"));
        assertThat(asked.getFirst().variables()).containsEntry("a", null);
        assertThat(asked.getFirst().streaming()).isTrue();
        assertThat(asked.getFirst().queriesOnly()).isFalse();
        assertThat(asked.getFirst().caller()).isEqualTo(ADMIN);
    }

    @Test
    void aRefusedRequestIsAnErrorWithoutComplete() {
        outcomes.put(
                "bad",
                new Outcome.Refused(List.of(Map.of("message", "no such field")), Refusal.VALIDATION));
        stream("s");
        connection.receive(INIT);
        subscribe("1", "bad");
        subscribe("1", "s");

        assertThat(peer.taken)
                .containsExactly(
                        ACK,
                        "{\"id\":\"1\",\"type\":\"error\",\"payload\":[{\"message\":\"no such field\"}]}");
        assertThat(peer.closed).isNull();
    }

    @Test
    void aStreamIsNextsAndComplete() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        source.emit(1);
        source.emit(2);
        source.complete();

        assertThat(peer.taken)
                .containsExactly(ACK, next("1", 1), next("1", 2), completed("1"));
        assertThat(source.cancelled).isFalse();
    }

    @Test
    void anIdIsFreeAgainAfterComplete() {
        FakeSource first = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        first.complete();
        FakeSource second = stream("s");
        subscribe("1", "s");
        second.emit(7);

        assertThat(peer.closed).isNull();
        assertThat(peer.taken).containsExactly(ACK, completed("1"), next("1", 7));
    }

    @Test
    void operationsInterleave() {
        FakeSource a = stream("a");
        FakeSource b = stream("b");
        connection.receive(INIT);
        subscribe("1", "a");
        subscribe("2", "b");
        a.emit(1);
        b.emit(2);
        a.emit(3);

        assertThat(peer.taken).containsExactly(ACK, next("1", 1), next("2", 2), next("1", 3));
    }

    @Test
    void aClientsCompleteStopsTheSourceAndNothingFollows() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        peer.reading = false;
        connection.receive("{\"type\":\"ping\"}"); // occupies the socket
        source.emit(1); // waits
        complete("1");
        source.complete();
        peer.take();

        assertThat(source.cancelled).isTrue();
        assertThat(peer.taken).containsExactly(ACK, "{\"type\":\"pong\"}");
        assertThat(peer.hasUnderWay()).isFalse();
    }

    @Test
    void aResultInFlightIsDroppedAfterAClientsComplete() {
        CompletableFuture<Map<String, @Nullable Object>> result = new CompletableFuture<>();
        outcomes.put("q", new Outcome.Executed(result));
        connection.receive(INIT);
        subscribe("1", "q");
        complete("1");
        result.complete(Map.of("data", 1));

        assertThat(peer.taken).containsExactly(ACK);
    }

    @Test
    void aCompleteForAnUnknownIdIsIgnored() {
        connection.receive(INIT);
        complete("nothing");

        assertThat(peer.closed).isNull();
        assertThat(peer.taken).containsExactly(ACK);
    }

    @Test
    void aSourceThatFailsEndsWithErrorsAndComplete() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        source.emit(1);
        source.fail();

        assertThat(peer.taken).hasSize(4);
        assertThat(peer.taken.get(2))
                .startsWith("{\"id\":\"1\",\"type\":\"next\",\"payload\":{\"errors\":[")
                .contains("INTERNAL_SERVER_ERROR")
                .doesNotContain("a test")
                .endsWith("\"data\":null}}");
        assertThat(peer.taken.get(3)).isEqualTo(completed("1"));
    }

    @Test
    void anEngineThatThrowsEndsOnlyThatOperation() {
        connection.receive(INIT);
        subscribe("1", "defect");

        assertThat(peer.closed).isNull();
        assertThat(peer.taken.get(1)).contains("INTERNAL_SERVER_ERROR").doesNotContain("defect\"");
        assertThat(peer.taken.get(2)).isEqualTo(completed("1"));
    }

    @Test
    void aResponseThatHasNoJsonFormIsClosedWith4500() {
        outcomes.put(
                "q",
                new Outcome.Executed(
                        CompletableFuture.completedFuture(Map.of("data", Double.NaN))));
        connection.receive(INIT);
        subscribe("1", "q");

        assertThat(peer.closed).isEqualTo("4500 Internal server error");
    }

    @Test
    void aSourceIsAskedForTheNextResponseWhenTheOneBeforeHasLeft() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        assertThat(source.requested).isEqualTo(1);

        peer.reading = false;
        source.emit(1);
        assertThat(source.requested).isZero();

        peer.take();
        assertThat(source.requested).isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotReadIsNotReadEither() {
        connection.receive(INIT);
        peer.reading = false;
        peer.demands = 0;
        for (int i = 0; i < 64; i++) connection.receive("{\"type\":\"ping\"}");
        assertThat(peer.demands).isEqualTo(64);

        connection.receive("{\"type\":\"ping\"}");
        assertThat(peer.demands).isEqualTo(64);

        peer.take();
        peer.take();
        assertThat(peer.demands).isEqualTo(65);
    }

    @Test
    void aReaderStuckForThirtySecondsIsClosedWith1013() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        peer.reading = false;
        source.emit(1);
        timer.pass(Duration.ofSeconds(29));
        assertThat(peer.closed).isNull();

        timer.pass(Duration.ofSeconds(4));

        assertThat(peer.closed).startsWith("1013 ");
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void aSlowReaderThatReadsOnIsNotClosed() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        peer.reading = false;
        for (int i = 0; i < 10; i++) {
            source.emit(i);
            timer.pass(Duration.ofSeconds(20));
            peer.take();
        }

        assertThat(peer.closed).isNull();
    }

    @Test
    void theHundredAndFirstOperationIsRefused() {
        for (int i = 1; i <= 100; i++) stream("s" + i);
        connection.receive(INIT);
        for (int i = 1; i <= 100; i++) subscribe("" + i, "s" + i);
        assertThat(peer.taken).containsExactly(ACK);

        subscribe("one more", "s");

        assertThat(peer.closed).isNull();
        assertThat(peer.taken.get(1))
                .startsWith("{\"id\":\"one more\",\"type\":\"error\",\"payload\":[{")
                .contains("RATE_LIMITED");
        assertThat(asked).hasSize(100);
        complete("1");
        stream("s101");
        subscribe("101", "s101");
        assertThat(asked).hasSize(101);
    }

    @Test
    void theTwentyFirstSocketOfAUserIsClosedWith1013() {
        List<GraphQlConnection> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FakePeer other = new FakePeer();
            GraphQlConnection one = open(other, null);
            one.receive(INIT);
            open.add(one);
            assertThat(other.closed).isNull();
        }
        connection.receive(INIT);
        assertThat(peer.closed).startsWith("1013 ");
        connection.gone();

        open.getFirst().gone();
        FakePeer again = new FakePeer();
        open(again, null).receive(INIT);
        assertThat(again.taken).containsExactly(ACK);
    }

    @Test
    void socketsNobodySignsInOnAreBoundedForEachAddress() {
        for (int i = 1; i < 20; i++) open(new FakePeer(), null);
        assertThat(sockets.tooManyWaiting("127.0.0.1")).isTrue();
        assertThat(sockets.tooManyWaiting("127.0.0.2")).isFalse();

        timer.pass(Duration.ofSeconds(3));

        assertThat(sockets.tooManyWaiting("127.0.0.1")).isFalse();
    }

    @Test
    void stoppingClosesWith1001Alone() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        sockets.closeAll();

        assertThat(peer.closed).startsWith("1001 ");
        assertThat(peer.taken).containsExactly(ACK);
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void anEngineThatIsGoneClosesWith1001() {
        connection.receive(INIT);
        engine.set(null);
        subscribe("1", "s");

        assertThat(peer.closed).startsWith("1001 ");
    }

    @Test
    void aSocketThatIsGoneLeavesNothingBehind() {
        for (int i = 0; i < 1000; i++) {
            FakeSource source = stream("s");
            FakePeer other = new FakePeer();
            GraphQlConnection one = open(other, null);
            one.receive(INIT);
            one.receive("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"s\"}}");
            assertThat(source.requested).isEqualTo(1);
            one.gone();
            assertThat(source.cancelled).isTrue();
        }
        connection.gone();
        connection.gone();

        assertThat(sockets.count()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void aPeerThatFailsCancelsEverything() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        peer.reading = false;
        source.emit(1);
        peer.fail();

        assertThat(source.cancelled).isTrue();
    }

    @Test
    void whatComesAfterTheCloseIsDropped() {
        stream("s");
        connection.receive(INIT);
        connection.receive("nonsense");
        subscribe("1", "s");
        connection.receive(INIT);

        assertThat(peer.taken).containsExactly(ACK);
        assertThat(asked).isEmpty();
    }
}
