// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.sse.OpenResponses;

/** Readers of event streams that stop reading; time is virtual. */
class StuckReaderTest extends JettyFixture {
    private static final Answer LARGE = Answer.of(Map.of("data", "x".repeat(1 << 20)));

    @Override
    OpenResponses responses() {
        return new OpenResponses(OpenResponses.HEARTBEAT, clock, clock::nanoTime);
    }

    @Override
    Duration idle() {
        return Duration.ofMinutes(10);
    }

    @Test
    void aReaderThatTakesNothingHoldsNobodyUpAndEndsAfterHalfAMinute() throws Exception {
        List<Socket> stuck = new ArrayList<>();
        List<DrivenSource> sources = new ArrayList<>();
        try {
            // More than there are threads: none of them may wait for a reader.
            for (int i = 0; i < THREADS + 2; i++) {
                DrivenSource source = new DrivenSource();
                sources.add(source);
                stuck.add(open(source));
                fill(source);
            }
            DrivenSource good = new DrivenSource();
            try (Socket socket = open(good)) {
                EventReader reader = new EventReader(socket);
                for (int i = 0; i < 3; i++) {
                    assertThat(good.asked()).isEqualTo(1);
                    good.to().onNext(Answer.of(Map.of("data", i)));
                    reader.upTo("data: {\"data\":" + i + "}");
                }
                clock.pass(Duration.ofSeconds(28));
                assertThat(sources).allMatch(source -> source.cancelled.getCount() == 1);

                for (DrivenSource source : sources) {
                    int passed = 0;
                    while (!source.cancelled.await(10, TimeUnit.MILLISECONDS)) {
                        // Some connection may have had more room than it seemed.
                        for (; source.askedSoon(); passed = 0) source.to().onNext(LARGE);
                        clock.pass(Duration.ofSeconds(2));
                        assertThat(passed++).isLessThan(200);
                    }
                }
                assertThat(servlet.streams()).isEqualTo(1);
                assertThat(good.cancelled.getCount()).isEqualTo(1);
                assertThat(good.asked()).isEqualTo(1);
                good.to().onNext(Answer.of(Map.of("data", "still")));
                reader.upTo("data: {\"data\":\"still\"}");
            }
        } finally {
            for (Socket socket : stuck) socket.close();
        }
    }

    /** Gives responses until none is asked for: what the connection holds is full. */
    private static void fill(DrivenSource source) throws InterruptedException {
        assertThat(source.asked()).isEqualTo(1);
        int given = 0;
        do {
            source.to().onNext(LARGE);
            assertThat(++given).isLessThan(64);
        } while (source.askedSoon());
    }

    private Socket open(DrivenSource source) throws IOException {
        outcomes.put("s", new Outcome.Stream(source));
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String head =
                String.join(
                        "\r\n",
                        "GET /graphql?query=s HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Authorization: Bearer right",
                        "Accept: text/event-stream");
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
