// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.sse.SharedStream;
import org.spicetime.runtime.graphql.sse.SharedStreams;
import org.spicetime.runtime.graphql.transport.ErrorEntry;
import org.spicetime.runtime.graphql.transport.InvalidParametersException;
import org.spicetime.runtime.graphql.transport.RequestIds;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/**
 * GraphQL over SSE in "single connection mode": PUT reserves a stream, GET reads it, POST (or GET
 * for queries) begins an operation on it, DELETE stops one. Thread-safe.
 */
final class StreamEndpoint {
    static final String TOKEN_HEADER = "X-GraphQL-Event-Stream-Token";
    static final int OPERATION_ID_CHARACTERS = 256;
    private static final String TOKEN_PARAMETER = "token";
    private static final String OPERATION_ID = "operationId";
    private static final String ALLOWED = "GET, POST, PUT, DELETE, OPTIONS";
    private static final Set<ResponseType> READ =
            EnumSet.of(ResponseType.JSON, ResponseType.GRAPHQL_RESPONSE, ResponseType.EVENT_STREAM);

    private final Supplier<@Nullable Engine> engines;
    private final RequestIds ids;
    private final Duration patience;
    private final SharedStreams streams;

    /**
     * @param engines the engine now; null while there is none
     * @param patience how long a body is waited for
     */
    StreamEndpoint(
            Supplier<@Nullable Engine> engines,
            RequestIds ids,
            Duration patience,
            SharedStreams streams) {
        this.engines = engines;
        this.ids = ids;
        this.patience = patience;
        this.streams = streams;
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = ids.next();
        response.setHeader("X-Request-Id", id);
        response.addHeader("Vary", "Accept");
        response.setHeader("Cache-Control", "no-store");
        List<String> accept = Collections.list(request.getHeaders("Accept"));
        ResponseType type =
                ResponseType.negotiate(accept, ResponseType.DOCUMENTS).orElse(ResponseType.JSON);
        try {
            Caller caller = HttpEndpoint.callerOf(request);
            if (caller == null) throw Refusals.unauthenticated(type, id);
            Engine engine = engines.get();
            if (engine == null) throw Refusals.unavailable(type, id);
            new Request(engine, caller, accept, type, id, request, response).handle();
        } catch (HttpRefusal e) {
            PostedRequest.refuse(e.reply(), request, response);
        }
    }

    /** One request. Called by one thread at a time. */
    private final class Request {
        private final Engine engine;
        private final Caller caller;
        private final List<String> accept;
        private final ResponseType type;
        private final String id;
        private final HttpServletRequest request;
        private final HttpServletResponse response;

        Request(
                Engine engine,
                Caller caller,
                List<String> accept,
                ResponseType type,
                String id,
                HttpServletRequest request,
                HttpServletResponse response) {
            this.engine = engine;
            this.caller = caller;
            this.accept = accept;
            this.type = type;
            this.id = id;
            this.request = request;
            this.response = response;
        }

        void handle() throws IOException, HttpRefusal {
            switch (request.getMethod()) {
                case "OPTIONS" -> Reply.empty(204).with("Allow", ALLOWED).send(response);
                case "PUT" -> reserve();
                case "GET" -> get();
                case "POST" -> {
                    acceptDocuments();
                    SharedStream stream = stream();
                    new PostedRequest(
                                    parameters -> begin(stream, parameters, false),
                                    type,
                                    id,
                                    request,
                                    response)
                            .read(patience);
                }
                case "DELETE" -> {
                    SharedStream stream = stream();
                    String operationId = url().get(OPERATION_ID);
                    if (operationId == null || operationId.isEmpty()) throw withoutOperationId();
                    stream.stop(operationId);
                    Reply.empty(200).send(response);
                }
                default ->
                        throw new HttpRefusal(
                                Refusals.badInput(405, "Use PUT, GET, POST or DELETE.", type, id)
                                        .with("Allow", ALLOWED));
            }
        }

        private void reserve() throws IOException, HttpRefusal {
            List<MediaRange> ranges = MediaRange.parse(String.join(",", accept));
            if (!ranges.isEmpty()
                    && ranges.stream()
                            .noneMatch(range ->
                                    range.fits("text", "plain") > 0 && range.quality() > 0)) {
                throw refused(406, "BAD_USER_INPUT", "Accept text/plain: that is what a token is.");
            }
            if (streams.find(token(), caller).isPresent()) {
                throw refused(409, "CONFLICT", "This token has a stream already.");
            }
            Optional<SharedStream> reserved = streams.reserve(caller, id);
            if (reserved.isEmpty()) {
                throw tooMany(
                        "This user has %d event streams, the most there may be."
                                .formatted(SharedStreams.PER_USER));
            }
            byte[] token = reserved.get().token().getBytes(StandardCharsets.US_ASCII);
            new Reply(201, "text/plain;charset=utf-8", Map.of(), token).send(response);
        }

        private void get() throws IOException, HttpRefusal {
            ResponseType wanted =
                    ResponseType.negotiate(accept, READ)
                            .orElseThrow(() ->
                                    refused(
                                            406,
                                            "BAD_USER_INPUT",
                                            "Accept text/event-stream to read the stream, or"
                                                    + " application/json to begin an operation."));
            SharedStream stream = stream();
            if (wanted != ResponseType.EVENT_STREAM) {
                begin(stream, HttpEndpoint.ofUrl(request, type, id), true);
            } else if (!stream.connect(request, response)) {
                throw refused(409, "CONFLICT", "This stream has its reader already.");
            }
        }

        private void acceptDocuments() throws HttpRefusal {
            if (ResponseType.negotiate(accept, ResponseType.DOCUMENTS).isEmpty()) {
                throw refused(
                        406,
                        "BAD_USER_INPUT",
                        "Accept application/graphql-response+json or application/json;"
                                + " the results go to the stream.");
            }
        }

        /** Begins an operation, or answers why not. */
        private void begin(SharedStream stream, RequestParameters parameters, boolean byUrl)
                throws IOException {
            Reply reply;
            try {
                reply = begun(stream, parameters, byUrl);
            } catch (HttpRefusal e) {
                reply = e.reply();
            } catch (RuntimeException e) {
                reply = Exchange.defect(e, type, id);
            }
            Exchange.send(reply, request, response);
        }

        private Reply begun(SharedStream stream, RequestParameters parameters, boolean byUrl)
                throws HttpRefusal {
            if (!(parameters.extensions().get(OPERATION_ID) instanceof String operationId)
                    || operationId.isEmpty()) {
                throw withoutOperationId();
            }
            if (operationId.length() > OPERATION_ID_CHARACTERS) {
                throw refused(
                        400,
                        "BAD_USER_INPUT",
                        "The operationId has %d characters, at most %d are allowed."
                                .formatted(operationId.length(), OPERATION_ID_CHARACTERS));
            }
            return switch (stream.begin(
                    operationId,
                    id,
                    () ->
                            engine.execute(
                                    parameters.toRequest(
                                            caller,
                                            byUrl,
                                            true,
                                            id,
                                            request.getHeader(Exchange.LAST_EVENT_ID),
                                            request.getHeader(RequestParameters.TRACEPARENT))))) {
                case SharedStream.Begun.Accepted accepted -> Reply.empty(202);
                case SharedStream.Begun.Taken taken ->
                        throw refused(409, "CONFLICT", "An operation of this id is under way.");
                case SharedStream.Begun.Full full ->
                        throw tooMany(
                                "This stream has %d operations, the most there may be."
                                        .formatted(SharedStream.OPERATIONS));
                // Never 200, which would look as if the operation had begun.
                case SharedStream.Begun.Refused refused ->
                        Refusals.of(refused.outcome(), 400, type);
            };
        }

        private SharedStream stream() throws HttpRefusal {
            return streams.find(token(), caller)
                    .orElseThrow(() ->
                            refused(
                                    404,
                                    "NOT_FOUND",
                                    ("No such stream: reserve one with PUT, and send the token of the"
                                                    + " answer in the header %s or the parameter token.")
                                            .formatted(TOKEN_HEADER)));
        }

        private @Nullable String token() throws HttpRefusal {
            String header = request.getHeader(TOKEN_HEADER);
            return header != null ? header : url().get(TOKEN_PARAMETER);
        }

        private Map<String, String> url() throws HttpRefusal {
            try {
                return QueryString.parse(request.getQueryString());
            } catch (InvalidParametersException e) {
                throw refused(400, "BAD_USER_INPUT", String.valueOf(e.getMessage()));
            }
        }

        private HttpRefusal withoutOperationId() {
            return refused(
                    400,
                    "BAD_USER_INPUT",
                    "The operationId is missing: a string in the extensions of a request, a"
                            + " parameter of DELETE.");
        }

        private HttpRefusal tooMany(String message) {
            ErrorEntry error =
                    new ErrorEntry(message, "RATE_LIMITED", id, Map.of("retryAfter", 1000));
            return new HttpRefusal(Reply.refusal(429, type, error).with("Retry-After", "1"));
        }

        private HttpRefusal refused(int status, String code, String message) {
            return new HttpRefusal(Reply.refusal(status, type, new ErrorEntry(message, code, id)));
        }
    }
}
