// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkException;

final class BandwidthTest extends NetworkFixture {
    private static final int KIB = 1024;

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    @Test
    void anAnswerComesNoFasterThanGranted() throws Exception {
        Loopback server = server(text("x".repeat(400 * KIB)));
        DomainNetwork network = network(config(4, NONE));
        network.exchange(server.get("/"));
        network.reconfigure(config(4, NONE), bandwidth(200 * KIB));
        long started = System.nanoTime();
        HttpReply reply = network.exchange(server.get("/"));
        assertThat(reply.body().size()).isEqualTo(400 * KIB);
        assertThat(seconds(started)).isBetween(1.5, 20.0);
        assertThat(network.metrics().bandwidthLimit()).hasValue(200 * KIB);
    }

    @Test
    void aRequestGoesOutNoFasterThanGranted() throws Exception {
        Loopback server = server(exchange -> Loopback.reply(exchange, 204, new byte[0]));
        DomainNetwork network = network(config(1, NONE));
        network.reconfigure(config(1, NONE), bandwidth(200 * KIB));
        byte[] body = "y".repeat(400 * KIB).getBytes(UTF_8);
        HttpCall call =
                new HttpCall(
                        "PUT", server.uri("/"), Map.of(), new Payload(body, "text/plain"), KIB);
        long started = System.nanoTime();
        assertThat(network.exchange(call).status()).isEqualTo(204);
        assertThat(seconds(started)).isBetween(1.5, 20.0);
        assertThat(network.bytes()).isBetween(400L * KIB, 402L * KIB);
    }

    @Test
    void allConnectionsShareTheLimit() throws Exception {
        Loopback server = server(text("z".repeat(100 * KIB)));
        DomainNetwork network = network(config(4, NONE));
        network.reconfigure(config(4, NONE), bandwidth(200 * KIB));
        long started = System.nanoTime();
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<HttpReply>> replies = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                replies.add(callers.submit(() -> network.exchange(server.get("/"))));
            }
            for (Future<HttpReply> reply : replies) {
                assertThat(reply.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        }
        assertThat(seconds(started)).isBetween(1.4, 20.0);
    }

    @Test
    void whatIsMovedIsPaidForBeforeTheNextRequestAndTheTimeoutHolds() throws Exception {
        Loopback server = server(text("w".repeat(8 * KIB)));
        DomainNetwork network = network(config(1, NONE));
        network.reconfigure(config(1, NONE), bandwidth(1 * KIB));
        network.exchange(server.get("/"));
        network.reconfigure(config(1, Duration.ofMillis(100)), bandwidth(1 * KIB));
        assertThatExceptionOfType(NetworkException.class)
                .isThrownBy(() -> network.exchange(server.get("/")))
                .withMessageContaining("no bandwidth left within 100 ms");
        network.reconfigure(config(1, NONE), DomainNetwork.Grant.NONE);
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
        assertThat(network.metrics().bandwidthLimit()).isEmpty();
    }

    @Test
    void anAnswerThatWouldTakeTooLongRunsIntoTheTimeout() throws Exception {
        Loopback server = server(text("v".repeat(100 * KIB)));
        DomainNetwork network = network(config(1, Duration.ofMillis(300)));
        network.reconfigure(config(1, Duration.ofMillis(300)), bandwidth(10 * KIB));
        assertThatExceptionOfType(NetworkException.class)
                .isThrownBy(() -> network.exchange(server.get("/")))
                .withMessageContaining("no answer within 300 ms");
    }

    @Test
    void theEndOfTheDomainEndsTheWaitForBandwidth() throws Exception {
        Loopback server = server(text("u".repeat(8 * KIB)));
        DomainNetwork network = network(config(1, NONE));
        network.reconfigure(config(1, NONE), bandwidth(10));
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<HttpReply> waiting =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        network.exchange(server.get("/"));
                        answered.countDown();
                        return network.exchange(server.get("/"));
                    } catch (NetworkException ended) {
                        throw new IllegalStateException(ended);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(e);
                    }
                });
        // Eight KiB at ten bytes per second take a quarter of an hour.
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        network.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .withStackTraceContaining("closed");
    }
}
