// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;

/** What operations say, and when. */
class OperationTest extends ConnectionFixture {
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
    void aQueryIsOneNextAndComplete() {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        outcomes.put("q", new Outcome.Executed(result));
        connection.receive(INIT);
        connection.receive(
                "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"q\",\"operationName\":null,"
                        + "\"variables\":{\"a\":null},\"extensions\":null}}");
        assertThat(peer.taken).containsExactly(ACK);

        result.complete(Answer.of(Map.of("data", 1)));

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
                new Outcome.Refused(
                        List.of(Map.of("message", "no such field")), Refusal.VALIDATION));
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

        assertThat(peer.taken).containsExactly(ACK, next("1", 1), next("1", 2), completed("1"));
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
        CompletableFuture<Answer> result = new CompletableFuture<>();
        outcomes.put("q", new Outcome.Executed(result));
        connection.receive(INIT);
        subscribe("1", "q");
        complete("1");
        result.complete(Answer.of(Map.of("data", 1)));

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
                        CompletableFuture.completedFuture(Answer.of(Map.of("data", Double.NaN)))));
        connection.receive(INIT);
        subscribe("1", "q");

        assertThat(peer.closed).isEqualTo("4500 Internal server error");
    }
}
