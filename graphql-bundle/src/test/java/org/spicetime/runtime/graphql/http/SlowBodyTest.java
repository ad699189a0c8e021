// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;

/** Clients that send their bodies slowly, in parts, or not to the end. */
class SlowBodyTest extends JettyFixture {
    private static final String QUERY = "{\"query\":\"{ a }\"}";

    @Override
    Duration patience() {
        return Duration.ofSeconds(2);
    }

    @Test
    void manyThatStopHalfWayHoldNobodyUp() throws Exception {
        answered();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * THREADS; i++) slow.add(half("Content-Length: 1000"));

            assertThat(post(QUERY).status()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    @Test
    void aBodyThatDoesNotComeInTimeIsToldAndItsConnectionCloses() throws Exception {
        try (Socket socket = half("Content-Length: 1000")) {
            String answer = all(socket);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("did not come in time");
            assertThat(answer).containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void aBodyInPartsIsReadToItsEnd() throws Exception {
        answered();
        try (Socket socket = half("Content-Length: " + QUERY.length())) {
            socket.getOutputStream().write(QUERY.substring(5).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();

            assertThat(all(socket)).startsWith("HTTP/1.1 200").contains("{\"a\":1}");
        }
    }

    @Test
    void aBodyInPartsThatGrowsTooLargeIsRefusedWhileItComes() throws Exception {
        try (Socket socket = half("Transfer-Encoding: chunked")) {
            OutputStream out = socket.getOutputStream();
            byte[] chunk =
                    ("4000\r\n" + " ".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20; i++) out.write(chunk);
            out.flush();

            assertThat(all(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyWhoseEncodingIsBrokenIsRefused() throws Exception {
        try (Socket socket = open("Transfer-Encoding: chunked", "zz\r\n")) {
            assertThat(all(socket)).startsWith("HTTP/1.1 400");
        }
    }

    private void answered() {
        Answer answer = Answer.of(Map.of("data", Map.of("a", 1)));
        outcomes.put("{ a }", new Outcome.Executed(CompletableFuture.completedFuture(answer)));
    }

    private Socket half(String framing) throws IOException {
        return open(
                framing,
                framing.startsWith("Transfer") ? "5\r\n{\"que\r\n" : QUERY.substring(0, 5));
    }

    private Socket open(String framing, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        String head =
                String.join(
                        "\r\n",
                        "POST /graphql HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Authorization: Bearer right",
                        "Content-Type: application/json",
                        framing);
        socket.getOutputStream()
                .write((head + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
