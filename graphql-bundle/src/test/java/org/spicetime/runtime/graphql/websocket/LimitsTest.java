// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slow readers, limits, and the end of a connection. */
class LimitsTest extends ConnectionFixture {
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
    void aCallerWhoseTokenIsGoneLosesItsSocketsWithinFiveSeconds() {
        FakeSource source = stream("s");
        connection.receive(INIT);
        subscribe("1", "s");
        FakePeer byHeader = new FakePeer();
        open(byHeader, ADMIN).receive("{\"type\":\"connection_init\"}");
        timer.pass(Duration.ofMinutes(1));
        assertThat(peer.closed).isNull();
        assertThat(byHeader.closed).isNull();

        authenticator.revoke();
        timer.pass(Duration.ofSeconds(5));

        assertThat(peer.closed).isEqualTo("4403 Forbidden");
        assertThat(byHeader.closed).isEqualTo("4403 Forbidden");
        assertThat(source.cancelled).isTrue();
        assertThat(peer.taken).containsExactly(ACK);
    }

    @Test
    void aCallerWhoseTokenIsGoneBeginsNothing() {
        stream("s");
        connection.receive(INIT);
        authenticator.revoke();

        subscribe("1", "s");

        assertThat(peer.closed).isEqualTo("4403 Forbidden");
        assertThat(asked).isEmpty();
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
