// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.json.BodyTooLargeException;
import org.spicetime.runtime.graphql.json.BoundedBody;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.MalformedJsonException;
import org.spicetime.runtime.graphql.transport.ErrorEntry;
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
    static final int BODY_BYTES = 256 * 1024;
    private static final String ALLOWED = "GET, HEAD, POST, OPTIONS";
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    private final Supplier<@Nullable Engine> engines;
    private final RequestIds ids;
    private final Duration patience;

    /**
     * @param engines the engine now; null while there is none
     * @param patience how long an answer is waited for; the engine's own limit is far below
     */
    HttpEndpoint(Supplier<@Nullable Engine> engines, RequestIds ids, Duration patience) {
        this.engines = engines;
        this.ids = ids;
        this.patience = patience;
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
        response.setHeader("Vary", "Accept");
        response.setHeader("Cache-Control", "no-store");
        Optional<ResponseType> accepted =
                ResponseType.negotiate(Collections.list(request.getHeaders("Accept")));
        ResponseType type = accepted.orElse(ResponseType.JSON);
        try {
            Caller caller = callerOf(request);
            if (caller == null) throw unauthenticated(type, id);
            Engine engine = engines.get();
            if (engine == null) throw unavailable(type, id);
            boolean post = request.getMethod().equals("POST");
            switch (request.getMethod()) {
                case "OPTIONS" -> {
                    Reply.empty(204).with("Allow", ALLOWED).send(response);
                    return;
                }
                case "GET", "HEAD", "POST" -> {}
                default ->
                        throw new HttpRefusal(
                                error(405, "Use POST, or GET for queries.", type, id)
                                        .with("Allow", ALLOWED));
            }
            if (accepted.isEmpty()) {
                throw new HttpRefusal(
                        error(
                                406,
                                "Accept application/graphql-response+json or application/json;"
                                        + " subscriptions are served over WebSocket.",
                                type,
                                id));
            }
            RequestParameters parameters = read(request, post, type, id);
            new Exchange(type, post, id, patience)
                    .answer(engine, parameters, caller, request, response);
        } catch (HttpRefusal e) {
            Reply reply = e.reply();
            if (!http1(request) || !unread(request)) reply.send(response);
            else LingeringClose.send(reply.with("Connection", "close"), request, response);
        }
    }

    // The server closes a connection whose request it did not read to the end, so the client must
    // be told: it would send its next request into a closing connection.
    private static boolean unread(HttpServletRequest request) throws IOException {
        boolean hasBody =
                request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null;
        return hasBody && !request.getInputStream().isFinished();
    }

    private static RequestParameters read(
            HttpServletRequest request, boolean post, ResponseType type, String id)
            throws HttpRefusal {
        try {
            if (!post) {
                return RequestParameters.ofUrl(QueryString.parse(request.getQueryString()));
            }
            if (!isJson(request)) {
                throw new HttpRefusal(
                        error(415, "Send the request as application/json in UTF-8.", type, id));
            }
            byte[] body =
                    BoundedBody.read(
                            request.getInputStream(), request.getContentLengthLong(), BODY_BYTES);
            return RequestParameters.of(JsonReader.read(body));
        } catch (BodyTooLargeException e) {
            throw new HttpRefusal(error(413, text(e), type, id));
        } catch (MalformedJsonException | InvalidParametersException e) {
            throw new HttpRefusal(error(400, text(e), type, id));
        } catch (IOException | RuntimeException e) {
            // Jetty reports a broken transfer encoding as one, a lost connection as the other.
            LOG.debug("request {}: the body could not be read", id, e);
            throw new HttpRefusal(error(400, "The body could not be read.", type, id));
        }
    }

    private static boolean isJson(HttpServletRequest request) {
        String contentType = request.getContentType();
        if (contentType == null || request.getHeader("Content-Encoding") != null) return false;
        List<MediaRange> types = MediaRange.parse(contentType);
        return types.size() == 1 && types.getFirst().fits("application", "json") == 3;
    }

    private static HttpRefusal unauthenticated(ResponseType type, String id) {
        ErrorEntry error =
                new ErrorEntry(
                        "Not signed in: send the header Authorization: Bearer TOKEN, with the token in the file"
                                + " secrets/admin.token of the instance directory.",
                        "UNAUTHENTICATED",
                        id);
        return new HttpRefusal(Reply.refusal(401, type, error).with("WWW-Authenticate", "Bearer"));
    }

    private static HttpRefusal unavailable(ResponseType type, String id) {
        ErrorEntry error =
                new ErrorEntry(
                        "The host is starting or stopping; send the request again later.",
                        "SHUTTING_DOWN",
                        id);
        return new HttpRefusal(Reply.refusal(503, type, error).with("Retry-After", "1"));
    }

    private static Reply error(int status, String message, ResponseType type, String id) {
        return Reply.refusal(status, type, new ErrorEntry(message, "BAD_USER_INPUT", id));
    }

    private static boolean http1(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1");
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
