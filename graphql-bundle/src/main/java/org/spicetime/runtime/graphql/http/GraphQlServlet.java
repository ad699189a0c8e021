// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.sse.DistinctStreams;
import org.spicetime.runtime.graphql.sse.OpenResponses;
import org.spicetime.runtime.graphql.sse.SharedStreams;
import org.spicetime.runtime.graphql.transport.RequestIds;
import org.spicetime.runtime.graphql.websocket.GraphQlSocket;
import org.spicetime.runtime.graphql.websocket.Sockets;

/**
 * {@code /graphql}: HTTP, server-sent events and WebSocket on one path; {@code /graphql/stream}:
 * many operations on one stream of server-sent events. It stands as long as the bundle does;
 * without an engine it answers 503, and the sockets and streams of an engine that goes away are
 * closed. Thread-safe.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({GraphQlServlet.PATH, GraphQlServlet.STREAM_PATH})
@HttpWhiteboardServletAsyncSupported
public final class GraphQlServlet extends JettyWebSocketServlet {
    static final String PATH = "/graphql";
    static final String STREAM_PATH = "/graphql/stream";
    private static final long serialVersionUID = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final transient AtomicReference<@Nullable Engine> engine = new AtomicReference<>();
    private final transient AtomicReference<@Nullable Authenticator> authenticator =
            new AtomicReference<>();
    private final transient HttpEndpoint http;
    private final transient Sockets sockets;
    private final transient OpenResponses responses;
    private final transient StreamEndpoint shared;

    @Activate
    public GraphQlServlet() {
        this(PATIENCE, OpenResponses.start(OpenResponses.HEARTBEAT));
    }

    /**
     * @param patience how long a request may take to arrive, and its answer to be there
     * @param responses where those that stay open are; closed with this
     */
    GraphQlServlet(Duration patience, OpenResponses responses) {
        RequestIds ids = new RequestIds();
        this.responses = responses;
        responses.onlyWhile(this::holds);
        DistinctStreams events = DistinctStreams.events(responses);
        http =
                new HttpEndpoint(
                        engine::get,
                        ids,
                        patience,
                        Map.of(
                                ResponseType.EVENT_STREAM,
                                events,
                                ResponseType.MULTIPART,
                                DistinctStreams.parts(responses, events)));
        shared = new StreamEndpoint(engine::get, ids, patience, new SharedStreams(responses));
        sockets = Sockets.start(engine::get, authenticator::get, ids);
    }

    @Deactivate
    void close() {
        responses.close();
        sockets.close();
    }

    // While nobody can tell, callers are who they were.
    private boolean holds(Caller caller) {
        Authenticator now = authenticator.get();
        return now == null || now.holds(caller);
    }

    /** How many streams of server-sent events are open or reserved. */
    int streams() {
        return responses.count();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindEngine(Engine added) {
        engine.set(added);
    }

    void unbindEngine(Engine removed) {
        if (!engine.compareAndSet(removed, null)) return;
        responses.closeAll();
        sockets.closeAll();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindAuthenticator(Authenticator added) {
        authenticator.set(added);
    }

    void unbindAuthenticator(Authenticator removed) {
        authenticator.compareAndSet(removed, null);
    }

    @Override
    protected void configure(JettyWebSocketServletFactory factory) {
        factory.setCreator(this::upgraded);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (STREAM_PATH.equals(request.getServletPath())) {
            shared.handle(request, response);
        } else if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            super.service(request, response);
        } else {
            http.handle(request, response);
        }
    }

    // An upgrade that Jetty does not recognise comes here.
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        http.handle(request, response);
    }

    private @Nullable Object upgraded(
            JettyServerUpgradeRequest request, JettyServerUpgradeResponse response) {
        HttpServletRequest httpRequest = request.getHttpServletRequest();
        String address = httpRequest.getRemoteAddr();
        if (engine.get() == null) return refused(response, 503);
        if (sockets.tooManyWaiting(address)) return refused(response, 429);
        boolean acceptable = request.hasSubProtocol(GraphQlSocket.SUBPROTOCOL);
        List<String> offered = request.getSubProtocols();
        if (acceptable) {
            response.setAcceptedSubProtocol(GraphQlSocket.SUBPROTOCOL);
        } else if (!offered.isEmpty()) {
            // Browsers show a close code only if a sub-protocol they offered was chosen.
            response.setAcceptedSubProtocol(offered.getFirst());
        }
        return new GraphQlSocket(sockets, address, HttpEndpoint.callerOf(httpRequest), acceptable);
    }

    // Without the error first, Jetty answers 200 to a creator that returns null.
    private static @Nullable Object refused(JettyServerUpgradeResponse response, int status) {
        response.setHeader("Retry-After", "1");
        try {
            response.sendError(status, status == 503 ? "Starting or stopping" : "Too many sockets");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }
}
