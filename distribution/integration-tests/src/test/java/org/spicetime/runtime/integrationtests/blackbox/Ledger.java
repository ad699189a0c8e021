// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * Counts outside of the host how often each numbered task ran: each makes one request here. Tasks
 * with a number below the count of gates wait until the gate opens. Thread-safe.
 */
final class Ledger implements AutoCloseable {

    private static final int GATE_SECONDS = 120;

    private final AtomicIntegerArray runs;
    private final int gates;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch atGate;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Ledger(int tasks, int gates) {
        runs = new AtomicIntegerArray(tasks);
        this.gates = gates;
        atGate = new CountDownLatch(gates);
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::count);
        server.setExecutor(threads);
        server.start();
    }

    private void count(HttpExchange exchange) throws IOException {
        try (exchange) {
            int number = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            runs.incrementAndGet(number);
            if (number < gates) {
                atGate.countDown();
            }
            // All of them, since a task that waits for its answer leaves its slot to the next one.
            if (!gate.await(GATE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the gate stayed shut");
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The task of this number: one POST, which nobody repeats on his own account. */
    Map<String, Object> task(String domain, int number, Map<String, ?> more) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/" + number;
        Map<String, Object> input = new java.util.HashMap<>(more);
        input.put("domainId", domain);
        input.put("type", "NETWORK");
        input.put("name", "task " + number);
        input.put("payload", Map.of("url", url, "method", "POST", "body", "counted"));
        return input;
    }

    void awaitGates() throws InterruptedException {
        assertThat(atGate.await(GATE_SECONDS, TimeUnit.SECONDS))
                .as("the workers hold their first tasks")
                .isTrue();
    }

    void openGate() {
        gate.countDown();
    }

    /** Fails naming the tasks that did not run exactly once. */
    void requireEachRanOnce() {
        assertThat(IntStream.range(0, runs.length()).filter(number -> runs.get(number) != 1))
                .as("tasks that did not run exactly once")
                .isEmpty();
    }

    /** How many tasks have run. */
    long ran() {
        return IntStream.range(0, runs.length()).filter(number -> runs.get(number) > 0).count();
    }

    @Override
    public void close() {
        openGate();
        server.stop(0);
        threads.shutdownNow();
    }
}
