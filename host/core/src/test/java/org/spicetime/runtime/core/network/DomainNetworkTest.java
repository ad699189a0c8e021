// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.RetryCondition;
import org.spicetime.runtime.api.network.RetryPolicy;

/** Limits, failures, and the end. */
final class DomainNetworkTest extends NetworkFixture {

    @Test
    void noMoreConnectionsAreOpenThanAllowed() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore twoAreIn = new Semaphore(0);
        Semaphore proceed = new Semaphore(0);
        Loopback server =
                server(exchange -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    twoAreIn.release();
                    proceed.acquire();
                    inside.decrementAndGet();
                    Loopback.reply(exchange, 200, new byte[] {1});
                });
        DomainNetwork network = network(config(2, NONE));
        ExecutorService callers = closing(Executors.newFixedThreadPool(10));
        List<Future<HttpReply>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(callers.submit(() -> network.exchange(server.get("/"))));
        }
        twoAreIn.acquire(2);
        assertThat(network.metrics().connections()).isEqualTo(2);
        proceed.release(10);
        for (Future<HttpReply> reply : replies) {
            assertThat(reply.get().status()).isEqualTo(200);
        }
        assertThat(most.get()).isEqualTo(2);
        assertThat(network.metrics().connections()).isLessThanOrEqualTo(2);
    }

    @Test
    void idleConnectionsMakeRoomForOtherAddresses() throws Exception {
        DomainNetwork network = network(config(2, NONE));
        for (int i = 0; i < 6; i++) {
            Loopback server = server(text("hello"));
            assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
            assertThat(network.metrics().connections()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aGrantLowersTheLimitAndAChangeIsInForceAtOnce() throws Exception {
        CountDownLatch proceed = new CountDownLatch(1);
        Semaphore arrived = new Semaphore(0);
        Loopback server =
                server(exchange -> {
                    arrived.release();
                    proceed.await();
                    Loopback.reply(exchange, 200, new byte[] {1});
                });
        DomainNetwork network =
                closing(new DomainNetwork(DomainId.of("test"), config(8, NONE), connections(1)));
        ExecutorService callers = closing(Executors.newFixedThreadPool(3));
        List<Future<HttpReply>> replies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replies.add(callers.submit(() -> network.exchange(server.get("/"))));
        }
        arrived.acquire(1);
        assertThat(arrived.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        network.reconfigure(config(8, NONE), connections(3));
        arrived.acquire(2);
        network.reconfigure(config(8, NONE), connections(1));
        proceed.countDown();
        for (Future<HttpReply> reply : replies) {
            assertThat(reply.get().status()).isEqualTo(200);
        }
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
    }

    @Test
    void aSlowServerRunsIntoTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Loopback server = server(exchange -> never.await());
        DomainNetwork network = network(config(1, Duration.ofMillis(200)));
        assertThatThrownBy(() -> network.exchange(server.get("/slow")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("GET http://127.0.0.1:")
                .hasMessageContaining("/slow")
                .hasMessageContaining("no answer within 200 ms");
    }

    @Test
    void waitingForAConnectionCountsTowardsTheTimeout() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        Loopback server =
                server(exchange -> {
                    arrived.countDown();
                    proceed.await();
                    Loopback.reply(exchange, 200, new byte[] {1});
                });
        DomainNetwork network = network(config(1, NONE));
        ExecutorService callers = closing(Executors.newFixedThreadPool(1));
        Future<HttpReply> first = callers.submit(() -> network.exchange(server.get("/")));
        arrived.await();
        network.reconfigure(config(1, Duration.ofMillis(100)), DomainNetwork.Grant.NONE);
        assertThatThrownBy(() -> network.exchange(server.get("/")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("no free connection within 100 ms");
        proceed.countDown();
        assertThat(first.get().status()).isEqualTo(200);
        network.reconfigure(config(1, NONE), DomainNetwork.Grant.NONE);
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
    }

    @Test
    void aTimedOutCallGivesItsConnectionBack() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Loopback slow = server(exchange -> never.await());
        Loopback fast = server(text("ok"));
        DomainNetwork network = network(config(1, Duration.ofMillis(300)));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> network.exchange(slow.get("/")))
                    .hasMessageContaining("no answer within");
        }
        network.reconfigure(config(1, NONE), DomainNetwork.Grant.NONE);
        assertThat(network.exchange(fast.get("/")).status()).isEqualTo(200);
    }

    @Test
    void aRefusedConnectionIsToldInOneSentence() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        HttpCall call =
                new HttpCall(
                        "GET",
                        URI.create("http://me:secret@127.0.0.1:" + port + "/a?token=secret"),
                        Map.of(),
                        null,
                        100);
        assertThatThrownBy(() -> network(config(1, NONE)).exchange(call))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("GET http://127.0.0.1:" + port + "/a: no connection")
                .hasMessageContaining("refused")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anUnknownHostIsToldInOneSentence() {
        HttpCall call =
                new HttpCall("GET", URI.create("http://no.such.invalid/"), Map.of(), null, 100);
        assertThatThrownBy(() -> network(config(1, NONE)).exchange(call))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("no.such.invalid")
                .hasMessageContaining("resolved");
    }

    @Test
    void aConnectionThatBreaksMidwayIsToldInOneSentence() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server =
                    Thread.ofPlatform()
                            .start(() -> {
                                try (Socket peer = socket.accept()) {
                                    peer.getOutputStream()
                                            .write(
                                                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
                                                            .getBytes(UTF_8));
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            HttpCall call =
                    new HttpCall(
                            "GET",
                            URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/"),
                            Map.of(),
                            null,
                            100);
            assertThatThrownBy(() -> network(config(1, NONE)).exchange(call))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageStartingWith("GET http://127.0.0.1:");
            server.join();
        }
    }

    @Test
    void anInterruptEndsBothWaits() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        Loopback stuck =
                server(exchange -> {
                    arrived.countDown();
                    never.await();
                });
        Loopback fast = server(text("ok"));
        DomainNetwork network = network(config(1, NONE));
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> second = new AtomicReference<>();
        Thread sender = caller(network, stuck.get("/"), first);
        arrived.await();
        Thread waiter = caller(network, stuck.get("/"), second);
        waiter.interrupt();
        waiter.join();
        assertThat(second.get()).isInstanceOf(InterruptedException.class);
        sender.interrupt();
        sender.join();
        assertThat(first.get()).isInstanceOf(InterruptedException.class);
        assertThat(network.exchange(fast.get("/")).status()).isEqualTo(200);
    }

    private static Thread caller(
            DomainNetwork network, HttpCall call, AtomicReference<@Nullable Throwable> thrown) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        network.exchange(call);
                    } catch (NetworkException | InterruptedException e) {
                        thrown.set(e);
                    }
                });
    }

    @Test
    void closingEndsEveryCallAndEveryThread() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        Loopback stuck =
                server(exchange -> {
                    arrived.countDown();
                    never.await();
                });
        DomainNetwork network =
                new DomainNetwork(
                        DomainId.of("closing"), config(1, NONE), DomainNetwork.Grant.NONE);
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> second = new AtomicReference<>();
        Thread sender = caller(network, stuck.get("/"), first);
        arrived.await();
        Thread waiter = caller(network, stuck.get("/"), second);
        network.close();
        network.close();
        sender.join();
        waiter.join();
        assertThat(first.get()).isInstanceOf(NetworkException.class);
        assertThat(second.get())
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> network.exchange(stuck.get("/")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("closing-network"));
        assertThat(network.metrics().connections()).isZero();
    }

    @Test
    void nothingIsStartedBeforeTheFirstCall() {
        DomainNetwork network =
                closing(
                        new DomainNetwork(
                                DomainId.of("lazy"), config(1, NONE), DomainNetwork.Grant.NONE));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("lazy-network"));
        assertThat(network.metrics().roundTripMillis()).isEmpty();
        assertThat(network.metrics().throughputBytesPerSecond()).isZero();
    }

    @Test
    void bytesAndRoundTripsAreMeasured() throws Exception {
        Loopback server = server(text("x".repeat(10_000)));
        DomainNetwork network = network(config(1, NONE));
        network.exchange(server.get("/"));
        assertThat(network.bytes()).isBetween(10_000L, 12_000L);
        assertThat(network.metrics().roundTripMillis().getAsDouble()).isPositive();
        assertThat(network.metrics().throughputBytesPerSecond()).isBetween(1000.0, 1200.0);
    }

    private static RetryPolicy retry(int attempts, RetryCondition... on) {
        return new RetryPolicy(
                attempts, BackoffStrategy.NONE, NONE, Duration.ofSeconds(5), 2.0, 0.0, Set.of(on));
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 500})
    void failedRequestsAreTriedAgainAsConfigured(int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Loopback server =
                server(exchange ->
                        Loopback.reply(
                                exchange,
                                requests.incrementAndGet() < 3 ? status : 200,
                                new byte[0]));
        RetryCondition condition =
                status == 503 ? RetryCondition.THROTTLED : RetryCondition.SERVER_ERROR;
        DomainNetwork network = network(new NetworkConfig(1, NONE, retry(5, condition), false));
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(200);
        assertThat(requests).hasValue(3);

        requests.set(0);
        network.reconfigure(
                new NetworkConfig(1, NONE, retry(2, condition), false), DomainNetwork.Grant.NONE);
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(status);
        assertThat(requests).hasValue(2);
    }

    @Test
    void aDelayTheServerAsksForThatIsTooLongEndsTheAttempts() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Loopback server =
                server(exchange -> {
                    requests.incrementAndGet();
                    exchange.getResponseHeaders().add("Retry-After", "3600");
                    Loopback.reply(exchange, 429, new byte[0]);
                });
        DomainNetwork network =
                network(new NetworkConfig(1, NONE, retry(5, RetryCondition.THROTTLED), false));
        assertThat(network.exchange(server.get("/")).status()).isEqualTo(429);
        assertThat(requests).hasValue(1);
    }
}
