// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection begins, and the messages it does not understand. */
class HandshakeTest extends ConnectionFixture {
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
                        "{\"type\":\"pong\"}", "{\"type\":\"pong\",\"payload\":{\"a\":[1,null]}}");
        assertThat(peer.closed).isNull();
    }
}
