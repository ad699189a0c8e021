// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.GraphQlRequest;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.MalformedJsonException;

/**
 * The four parameters of a GraphQL request, their types checked; others are ignored. Immutable.
 *
 * @param query the document; null only if its hash is told in {@code extensions.persistedQuery}
 * @param operationName which operation; null: the only one
 * @param variables empty if none
 * @param extensions empty if none
 */
public record RequestParameters(
        @Nullable String query,
        @Nullable String operationName,
        Map<String, @Nullable Object> variables,
        Map<String, @Nullable Object> extensions) {

    /** Name of the header that tells the trace of a request, and of the extension that does. */
    public static final String TRACEPARENT = "traceparent";

    public RequestParameters {
        if (query == null && extensions.get("persistedQuery") == null) {
            throw new IllegalArgumentException("query must be there");
        }
    }

    /** From the value of a JSON body or payload. */
    public static RequestParameters of(@Nullable Object body) throws InvalidParametersException {
        if (body instanceof List) {
            throw new InvalidParametersException(
                    "Batches are not accepted: send one request at a time.");
        }
        if (!(body instanceof Map<?, ?> members)) {
            throw new InvalidParametersException(
                    "The request must be a JSON object, was " + kind(body) + ".");
        }
        return of(
                text("query", members.get("query")),
                text("operationName", members.get("operationName")),
                object("variables", members.get("variables")),
                object("extensions", members.get("extensions")));
    }

    /** From the parameters of a URL; variables and extensions are JSON texts there. */
    public static RequestParameters ofUrl(Map<String, String> parameters)
            throws InvalidParametersException {
        return of(
                parameters.get("query"),
                parameters.get("operationName"),
                json("variables", parameters.get("variables")),
                json("extensions", parameters.get("extensions")));
    }

    private static RequestParameters of(
            @Nullable String query,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables,
            Map<String, @Nullable Object> extensions)
            throws InvalidParametersException {
        if (query == null && extensions.get("persistedQuery") == null) {
            throw new InvalidParametersException("The parameter query is missing.");
        }
        return new RequestParameters(query, operationName, variables, extensions);
    }

    /** The request to the engine, of a transport without headers. */
    public GraphQlRequest toRequest(
            Caller caller, boolean queriesOnly, boolean streaming, String requestId) {
        return toRequest(caller, queriesOnly, streaming, requestId, null, null);
    }

    /**
     * The request to the engine of a client that may have lost a stream.
     *
     * @param lastEventId what it got last of that stream; null: nothing
     * @param traceparent the header of this name; null: none. An extension of this name goes first:
     *     where many operations share a connection, only it tells them apart
     */
    public GraphQlRequest toRequest(
            Caller caller,
            boolean queriesOnly,
            boolean streaming,
            String requestId,
            @Nullable String lastEventId,
            @Nullable String traceparent) {
        String own = TraceParent.traceId(extensions.get(TRACEPARENT));
        return new GraphQlRequest(
                query,
                operationName,
                variables,
                extensions,
                caller,
                queriesOnly,
                streaming,
                requestId,
                lastEventId == null || lastEventId.isEmpty() ? null : lastEventId,
                own == null ? TraceParent.traceId(traceparent) : own);
    }

    private static Map<String, @Nullable Object> json(String name, @Nullable String text)
            throws InvalidParametersException {
        if (text == null || text.isEmpty()) return Map.of();
        try {
            return object(name, JsonReader.read(text));
        } catch (MalformedJsonException e) {
            throw new InvalidParametersException("The parameter " + name + ": " + e.getMessage());
        }
    }

    private static @Nullable String text(String name, @Nullable Object value)
            throws InvalidParametersException {
        if (value == null || value instanceof String) return (String) value;
        throw wrongType(name, "a string", value);
    }

    @SuppressWarnings("unchecked") // the reader makes no other maps
    private static Map<String, @Nullable Object> object(String name, @Nullable Object value)
            throws InvalidParametersException {
        if (value == null) return Map.of();
        if (value instanceof Map) return (Map<String, @Nullable Object>) value;
        throw wrongType(name, "an object", value);
    }

    private static InvalidParametersException wrongType(String name, String wanted, Object value) {
        return new InvalidParametersException(
                "The parameter %s must be %s, was %s.".formatted(name, wanted, kind(value)));
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "a string";
            case Number number -> "a number";
            case Boolean flag -> "a Boolean";
            case List<?> list -> "an array";
            default -> "an object";
        };
    }
}
