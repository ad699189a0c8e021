// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.RetryPolicy;

/** What is sent and what is answered. */
final class HttpExchangeTest extends NetworkFixture {

    @Test
    void anAnswerComesWithStatusHeadersAndBody() throws Exception {
        Loopback server = server(text("hello"));
        HttpReply reply = network(config(4, NONE)).exchange(server.get("/x"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().utf8()).isEqualTo("hello");
        assertThat(reply.body().contentType()).isEqualToIgnoringCase("text/plain; charset=utf-8");
        assertThat(reply.headers().get("content-length")).containsExactly("5");
        assertThat(reply.roundTrip()).isPositive();
    }

    @Test
    void methodHeadersAndBodyAreSentAsGiven() throws Exception {
        AtomicReference<@Nullable String> seen = new AtomicReference<>();
        Loopback server =
                closing(
                        new Loopback(exchange -> {
                            seen.set(
                                    exchange.getRequestMethod()
                                            + " "
                                            + exchange.getRequestURI()
                                            + " "
                                            + exchange.getRequestHeaders().getFirst("X-One")
                                            + " "
                                            + exchange.getRequestHeaders()
                                                    .getFirst("Content-Type"));
                            Loopback.reply(exchange, 204, new byte[0]);
                        }));
        HttpCall call =
                new HttpCall(
                        "PATCH",
                        server.uri("/p?q=1"),
                        Map.of("X-One", "1"),
                        Payload.json("{}"),
                        100);
        assertThat(network(config(1, NONE)).exchange(call).status()).isEqualTo(204);
        assertThat(seen.get()).isEqualTo("PATCH /p?q=1 1 application/json");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 401, 404, 429, 500, 503})
    void everyStatusIsAnAnswer(int status) throws Exception {
        Loopback server =
                server(exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    Loopback.reply(exchange, status, new byte[0]);
                });
        assertThat(network(config(1, NONE)).exchange(server.get("/")).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsTooLargeIsRefused(boolean lengthTold) throws Exception {
        Loopback server =
                server(exchange -> {
                    exchange.sendResponseHeaders(200, lengthTold ? 100_000 : 0);
                    try {
                        exchange.getResponseBody().write(new byte[100_000]);
                    } catch (IOException clientWentAway) {
                        exchange.close();
                    }
                });
        DomainNetwork network = network(config(1, NONE));
        HttpCall call = new HttpCall("GET", server.uri("/"), Map.of(), null, 99_999);
        assertThatThrownBy(() -> network.exchange(call))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("larger than 99999 bytes");
        HttpCall enough = new HttpCall("GET", server.uri("/"), Map.of(), null, 100_000);
        assertThat(network.exchange(enough).body().size()).isEqualTo(100_000);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(content);
        }
        return zipped.toByteArray();
    }

    private Loopback zipping(byte[] content) throws IOException {
        byte[] zipped = gzip(content);
        return server(exchange -> {
            String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
            exchange.getResponseHeaders().add("X-Accepted", String.valueOf(accepted));
            if (accepted != null) {
                exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            }
            Loopback.reply(exchange, 200, accepted == null ? content : zipped);
        });
    }

    @Test
    void compressionIsAskedForOnlyWhenItIsOn() throws Exception {
        byte[] content = "hello ".repeat(1000).getBytes(UTF_8);
        Loopback server = zipping(content);
        DomainNetwork network = network(config(1, NONE));
        HttpReply plain = network.exchange(server.get("/"));
        assertThat(plain.headers().get("x-accepted")).containsExactly("null");
        assertThat(plain.body().bytes()).isEqualTo(content);

        network.reconfigure(
                new NetworkConfig(1, NONE, RetryPolicy.NEVER, true), DomainNetwork.Grant.NONE);
        HttpReply zipped = network.exchange(server.get("/"));
        assertThat(zipped.headers().get("x-accepted")).containsExactly("gzip");
        assertThat(zipped.headers()).doesNotContainKeys("content-encoding", "content-length");
        assertThat(zipped.body().bytes()).isEqualTo(content);
    }

    @Test
    void aLargeBodyIsSentCompressedWhenThatIsOnAndOnlyThen() throws Exception {
        AtomicReference<byte[]> received = new AtomicReference<>(new byte[0]);
        AtomicReference<String> encoding = new AtomicReference<>("");
        Loopback server =
                closing(
                        new Loopback((exchange, body) -> {
                            received.set(body);
                            String told = exchange.getRequestHeaders().getFirst("Content-Encoding");
                            encoding.set(told == null ? "none" : told);
                            Loopback.reply(exchange, 204, new byte[0]);
                        }));
        byte[] text = "compressible ".repeat(1000).getBytes(UTF_8);
        DomainNetwork network = network(new NetworkConfig(1, NONE, RetryPolicy.NEVER, true));
        network.exchange(put(server, text, Map.of()));
        assertThat(encoding).hasValue("gzip");
        assertThat(received.get().length).isLessThan(text.length / 5);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(received.get())).readAllBytes())
                .isEqualTo(text);

        network.exchange(put(server, "short".getBytes(UTF_8), Map.of()));
        assertThat(encoding).hasValue("none");
        network.exchange(put(server, text, Map.of("content-encoding", "identity")));
        assertThat(encoding).hasValue("identity");
        network.reconfigure(config(1, NONE), DomainNetwork.Grant.NONE);
        network.exchange(put(server, text, Map.of()));
        assertThat(encoding).hasValue("none");
        assertThat(received.get()).isEqualTo(text);
    }

    private static HttpCall put(Loopback server, byte[] body, Map<String, String> headers) {
        return new HttpCall("PUT", server.uri("/"), headers, new Payload(body, "text/plain"), 1024);
    }

    @Test
    void aCompressedBombIsRefused() throws Exception {
        Loopback server = zipping(new byte[50_000_000]);
        DomainNetwork network = network(new NetworkConfig(1, NONE, RetryPolicy.NEVER, true));
        assertThatThrownBy(() -> network.exchange(server.get("/")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void bytesThatAreNotGzipAreRefused() throws Exception {
        Loopback server =
                server(exchange -> {
                    exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                    Loopback.reply(exchange, 200, "not gzip".getBytes(UTF_8));
                });
        assertThatThrownBy(() -> network(config(1, NONE)).exchange(server.get("/")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection"})
    void headersOfTheConnectionAreNotTheCallers(String name) throws Exception {
        Loopback server = server(text("ok"));
        DomainNetwork network = network(config(1, NONE));
        HttpCall call = new HttpCall("GET", server.uri("/"), Map.of(name, "1"), null, 100);
        assertThatThrownBy(() -> network.exchange(call))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining(name);
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
    }

    @Test
    void headersCannotBeSmuggled() throws Exception {
        Loopback server = server(text("ok"));
        DomainNetwork network = network(config(1, NONE));
        HttpCall call = new HttpCall("GET", server.uri("/"), Map.of("X", "1\r\nY: 2"), null, 100);
        assertThatThrownBy(() -> network.exchange(call))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("control characters");
    }

    @Test
    void cookiesAreNotKept() throws Exception {
        AtomicReference<@Nullable String> cookie = new AtomicReference<>();
        Loopback server =
                server(exchange -> {
                    cookie.set(exchange.getRequestHeaders().getFirst("Cookie"));
                    exchange.getResponseHeaders().add("Set-Cookie", "a=b");
                    Loopback.reply(exchange, 200, new byte[] {1});
                });
        DomainNetwork network = network(config(1, NONE));
        network.exchange(server.get("/"));
        network.exchange(server.get("/"));
        assertThat(cookie.get()).isNull();
    }
}
