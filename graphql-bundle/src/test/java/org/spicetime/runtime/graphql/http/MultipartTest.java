// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;
import org.spicetime.runtime.graphql.sse.OpenResponses;

/** Subscriptions as parts, as the HTTP link of Apollo asks for them; time is virtual. */
class MultipartTest extends JettyFixture {
    private static final String ACCEPT =
            "Accept: multipart/mixed;boundary=graphql;subscriptionSpec=1.0,"
                    + "application/graphql-response+json,application/json;q=0.9";

    @Override
    OpenResponses responses() {
        return new OpenResponses(OpenResponses.HEARTBEAT, clock, clock::nanoTime);
    }

    @Test
    void eachResponseIsThePayloadOfAPartThatIsWholeAtOnce() throws Exception {
        DrivenSource source = new DrivenSource();
        outcomes.put("s", new Outcome.Stream(source));
        String body = "{\"query\":\"s\"}";
        String head =
                String.join(
                        "\r\n",
                        "POST /graphql HTTP/1.1",
                        "Host: localhost",
                        "Connection: close",
                        "Authorization: Bearer right",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length(),
                        ACCEPT);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((head + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            EventReader reader = new EventReader(socket);
            assertThat(reader.upToText("--graphql"))
                    .containsIgnoringCase(
                            "Content-Type: multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0\n")
                    .containsIgnoringCase("X-Accel-Buffering: no\n");
            for (int i = 0; i < 3; i++) {
                assertThat(source.asked()).isEqualTo(1);
                source.to().onNext(Answer.of(Map.of("data", i)));
                assertThat(reader.upToText("--graphql"))
                        .isEqualTo(
                                "\nContent-Type: application/json\n\n{\"payload\":{\"data\":%d}}\n--graphql"
                                        .formatted(i));
            }
            assertThat(source.asked()).isEqualTo(1);
            clock.pass(Duration.ofSeconds(12));
            assertThat(reader.upToText("--graphql")).contains("\n\n{}\n--graphql");
            source.to().onComplete();
            assertThat(reader.rest()).isEqualTo("--\n");
        }
        assertThat(servlet.streams()).isZero();
    }

    @Test
    void whatIsNoStreamIsOneDocument() throws Exception {
        Answer answer = Answer.of(Map.of("data", Map.of("a", 1)));
        outcomes.put("{ a }", new Outcome.Executed(CompletableFuture.completedFuture(answer)));
        outcomes.put(
                "{ b }",
                new Outcome.Refused(List.of(Map.of("message", "no b")), Refusal.VALIDATION));

        Exchanged answered = post("{\"query\":\"{ a }\"}", ACCEPT);
        Exchanged refused = post("{\"query\":\"{ b }\"}", ACCEPT);

        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.body()).isEqualTo("{\"data\":{\"a\":1}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers().get("content-type"))
                .startsWith("application/graphql-response+json");
    }
}
