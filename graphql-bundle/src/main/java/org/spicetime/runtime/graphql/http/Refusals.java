// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.transport.ErrorEntry;

/** The answers to requests that are refused, with the status of each. */
final class Refusals {
    private Refusals() {}

    static HttpRefusal unauthenticated(ResponseType type, String id) {
        ErrorEntry error =
                new ErrorEntry(
                        "Not signed in: send the header Authorization: Bearer TOKEN, with the token in the file"
                                + " secrets/admin.token of the instance directory.",
                        "UNAUTHENTICATED",
                        id);
        return new HttpRefusal(Reply.refusal(401, type, error).with("WWW-Authenticate", "Bearer"));
    }

    static HttpRefusal unavailable(ResponseType type, String id) {
        ErrorEntry error =
                new ErrorEntry(
                        "The host is starting or stopping; send the request again later.",
                        "SHUTTING_DOWN",
                        id);
        return new HttpRefusal(Reply.refusal(503, type, error).with("Retry-After", "1"));
    }

    static Reply badInput(int status, String message, ResponseType type, String id) {
        return Reply.refusal(status, type, new ErrorEntry(message, "BAD_USER_INPUT", id));
    }

    /**
     * What the engine refused.
     *
     * @param refusedStatus where the document, the variables or the operation name are refused
     */
    static Reply of(Outcome.Refused refused, int refusedStatus, ResponseType type) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("errors", refused.errors());
        return switch (refused.kind()) {
            case PARSE,
                    VALIDATION,
                    VARIABLES,
                    OPERATION_NAME,
                    TOO_COMPLEX,
                    PERSISTED_QUERY_NOT_FOUND,
                    PERSISTED_QUERY_MISMATCH ->
                    Reply.json(refusedStatus, type, body);
            case FORBIDDEN -> Reply.json(403, type, body);
            case RATE_LIMITED ->
                    Reply.json(429, type, body)
                            .with("Retry-After", Long.toString(retryAfter(refused)));
            case MUTATION_NOT_ALLOWED -> Reply.json(405, type, body).with("Allow", "POST");
            case SUBSCRIPTION_NOT_ALLOWED, PERSISTED_QUERY_MALFORMED -> Reply.json(400, type, body);
        };
    }

    // The header is in whole seconds, the extension in milliseconds.
    private static long retryAfter(Outcome.Refused refused) {
        return refused.errors().getFirst().get("extensions") instanceof Map<?, ?> extensions
                        && extensions.get("retryAfter") instanceof Number millis
                ? Math.max(1, Math.ceilDiv(millis.longValue(), 1000))
                : 1;
    }
}
