// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Counts outside of the host how often each task ran: each makes one request here, under a name of
 * its own. It outlives the hosts that are killed. Thread-safe.
 */
final class RunCounter implements AutoCloseable {

    /** What happens to a request that was counted, before it is answered. */
    interface Arrival {
        void counted(String name) throws IOException, InterruptedException;
    }

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final Arrival arrival;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    RunCounter() {
        this(name -> {});
    }

    RunCounter(Arrival arrival) {
        this.arrival = arrival;
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
            String name = exchange.getRequestURI().getPath().substring(1);
            runs.merge(name, 1, Integer::sum);
            arrival.counted(name);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a task sends to be counted under this name. */
    Map<String, Object> payload(String name) {
        return Map.of(
                "url",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name,
                "method",
                "POST",
                "body",
                "counted");
    }

    /** How often tasks of this name ran. */
    int of(String name) {
        return runs.getOrDefault(name, 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
