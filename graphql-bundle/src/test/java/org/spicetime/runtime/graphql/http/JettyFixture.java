// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.GraphQlRequest;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.sse.OpenResponses;
import org.spicetime.runtime.graphql.transport.KnownToken;
import org.spicetime.runtime.graphql.websocket.FakeTimer;

/** The servlets in a real Jetty, with a scripted engine and a gate that knows one token. */
@Timeout(120)
abstract class JettyFixture {
    /** Few, so that threads that wait for clients are soon missed. */
    static final int THREADS = 12;

    static final Caller ADMIN = new Caller("admin", Role.ADMIN, true);

    /** For those tests whose time is virtual. */
    final FakeTimer clock = new FakeTimer();

    final List<GraphQlRequest> asked = Collections.synchronizedList(new ArrayList<>());
    volatile boolean told = true;
    final KnownToken authenticator = new KnownToken("right", ADMIN);
    final Map<String, Outcome> outcomes = Collections.synchronizedMap(new HashMap<>());
    final GraphQlServlet servlet = new GraphQlServlet(patience(), responses());
    final Engine engine =
            new Engine() {
                @Override
                public Outcome execute(GraphQlRequest request) {
                    asked.add(request);
                    Outcome outcome = outcomes.get(String.valueOf(request.query()));
                    if (outcome == null) throw new IllegalStateException("an engine's secret");
                    return outcome;
                }

                @Override
                public boolean tellsSchema(Caller caller) {
                    return told;
                }

                @Override
                public String sdl() {
                    return "type Query { a: Int }";
                }

                @Override
                public String sdlHash() {
                    return "0".repeat(64);
                }
            };
    private final Server server = new Server(new QueuedThreadPool(THREADS));
    int port;

    /** How long a request may take to arrive, and its answer to be there. */
    Duration patience() {
        return Duration.ofSeconds(60);
    }

    /** When the server itself ends a connection on which nothing goes on. */
    Duration idle() {
        return Duration.ofSeconds(30);
    }

    /** Where the responses are that stay open. */
    OpenResponses responses() {
        return OpenResponses.start(OpenResponses.HEARTBEAT);
    }

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(idle().toMillis());
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        Filter gate =
                (request, response, chain) -> {
                    var header =
                            ((jakarta.servlet.http.HttpServletRequest) request)
                                    .getHeader("Authorization");
                    if ("Bearer right".equals(header)) {
                        request.setAttribute(Caller.class.getName(), ADMIN);
                    }
                    chain.doFilter(request, response);
                };
        FilterHolder filter = new FilterHolder(gate);
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, GraphQlServlet.PATH);
        context.addServlet(holder, GraphQlServlet.STREAM_PATH);
        context.addServlet(new ServletHolder(new SchemaServlet(engine)), "/schema.graphqls");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
        servlet.bindEngine(engine);
        servlet.bindAuthenticator(authenticator);
    }

    @AfterEach
    void stop() throws Exception {
        servlet.close();
        server.stop();
    }

    Exchanged get(String path, String... headers) throws Exception {
        return exchange("GET", path, null, headers);
    }

    Exchanged post(String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Content-Type"))) {
            all.add("Content-Type: application/json");
        }
        return exchange("POST", "/graphql", body, all.toArray(String[]::new));
    }

    Exchanged exchange(
            String method,
            String path,
            @org.jspecify.annotations.Nullable String body,
            String... headers)
            throws Exception {
        StringBuilder request = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, path));
        request.append("Host: localhost\r\nConnection: close\r\n");
        boolean anonymous = false;
        for (String header : headers) {
            if (header.equals("anonymous")) anonymous = true;
            else if (!header.endsWith(": none")) request.append(header).append("\r\n");
        }
        if (!anonymous) request.append("Authorization: Bearer right\r\n");
        if (body != null) {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            request.append("Content-Length: %d\r\n".formatted(length));
        }
        request.append("\r\n").append(body == null ? "" : body);
        return Exchanged.send(port, request.toString());
    }
}
