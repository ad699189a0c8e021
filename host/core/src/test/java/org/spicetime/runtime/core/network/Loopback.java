// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.spicetime.runtime.api.network.HttpCall;

/** A real HTTP server on the loopback interface. */
final class Loopback implements AutoCloseable {

    /** Answers a request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** Answers a request, its body read. */
    @FunctionalInterface
    interface AnswerToBody {
        void to(HttpExchange exchange, byte[] body) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Loopback(Answer answer) throws IOException {
        this((exchange, body) -> answer.to(exchange));
    }

    Loopback(AnswerToBody answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        answer.to(exchange, exchange.getRequestBody().readAllBytes());
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
        server.start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    HttpCall get(String path) {
        return new HttpCall("GET", uri(path), Map.of(), null, 1 << 20);
    }

    static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
