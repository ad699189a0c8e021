// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The other end of the NETWORK tasks: a real HTTP server on a free loopback port. Thread-safe. */
final class LoopbackServer implements AutoCloseable {

    private static final int BODY_BYTES = 16 * 1024;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger served = new AtomicInteger();

    LoopbackServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = new byte[BODY_BYTES];
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        served.incrementAndGet();
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    int served() {
        return served.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
