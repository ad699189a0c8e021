// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.sse.StreamCarrier;
import org.spicetime.runtime.graphql.transport.InvalidParametersException;
import org.spicetime.runtime.graphql.transport.RequestIds;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/**
 * GraphQL over HTTP: GET for queries, POST for queries and mutations. Thread-safe.
 *
 * <p>Who asks is the request attribute named like the class {@link Caller}; the gate in front of
 * all servlets sets it, so without the gate nobody is signed in.
 */
final class HttpEndpoint {
    private static final String ALLOWED = "GET, HEAD, POST, OPTIONS";

    private final Supplier<@Nullable Engine> engines;
    private final RequestIds ids;
    private final Duration patience;
    private final Map<ResponseType, StreamCarrier> carriers;
    private final Accepted accepted;

    /**
     * @param engines the engine now; null while there is none
     * @param patience how long an answer is waited for; the engine's own limit is far below
     * @param carriers of the types of streams that are served
     */
    HttpEndpoint(
            Supplier<@Nullable Engine> engines,
            RequestIds ids,
            Duration patience,
            Map<ResponseType, StreamCarrier> carriers) {
        this.engines = engines;
        this.ids = ids;
        this.patience = patience;
        this.carriers = Map.copyOf(carriers);
        Set<ResponseType> served = EnumSet.copyOf(ResponseType.DOCUMENTS);
        served.addAll(carriers.keySet());
        this.accepted = new Accepted(served);
    }

    /** Whoever the gate found behind the request; null: nobody. */
    static @Nullable Caller callerOf(HttpServletRequest request) {
        return request.getAttribute(Caller.class.getName()) instanceof Caller caller
                ? caller
                : null;
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = ids.next();
        response.setHeader("X-Request-Id", id);
        // Whoever compresses has added its own.
        response.addHeader("Vary", "Accept");
        response.setHeader("Cache-Control", "no-store");
        Accepted.Choice choice = accepted.of(request);
        ResponseType type = choice.document();
        try {
            Caller caller = callerOf(request);
            if (caller == null) throw Refusals.unauthenticated(type, id);
            Engine engine = engines.get();
            if (engine == null) throw Refusals.unavailable(type, id);
            boolean post = request.getMethod().equals("POST");
            switch (request.getMethod()) {
                case "OPTIONS" -> {
                    Reply.empty(204).with("Allow", ALLOWED).send(response);
                    return;
                }
                case "GET", "HEAD", "POST" -> {}
                default ->
                        throw new HttpRefusal(
                                Refusals.badInput(405, "Use POST, or GET for queries.", type, id)
                                        .with("Allow", ALLOWED));
            }
            if (choice.type().isEmpty()) {
                throw new HttpRefusal(
                        Refusals.badInput(
                                406,
                                "Accept application/graphql-response+json or application/json;"
                                        + " subscriptions are served as text/event-stream, and over WebSocket.",
                                type,
                                id));
            }
            Exchange exchange =
                    new Exchange(
                            type,
                            choice.type().map(carriers::get).orElse(null),
                            post,
                            id,
                            patience);
            if (!post) {
                exchange.answer(engine, ofUrl(request, type, id), caller, request, response);
                return;
            }
            new PostedRequest(
                            parameters ->
                                    exchange.answer(engine, parameters, caller, request, response),
                            type,
                            id,
                            request,
                            response)
                    .read(patience);
        } catch (HttpRefusal e) {
            PostedRequest.refuse(e.reply(), request, response);
        }
    }

    static RequestParameters ofUrl(HttpServletRequest request, ResponseType type, String id)
            throws HttpRefusal {
        try {
            return RequestParameters.ofUrl(QueryString.parse(request.getQueryString()));
        } catch (InvalidParametersException e) {
            throw new HttpRefusal(Refusals.badInput(400, String.valueOf(e.getMessage()), type, id));
        }
    }
}
