// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;

/**
 * One request as a transport received it, signed in and decoded. Immutable.
 *
 * @param query the document; null: only its hash is told, in {@code extensions.persistedQuery}
 * @param operationName which operation of the document; null: the only one
 * @param variables JSON values; numbers without a fraction as Integer, Long or BigInteger, others
 *     as Double or BigDecimal
 * @param extensions JSON values
 * @param caller who asks
 * @param queriesOnly whether a mutation is refused, as over GET
 * @param streaming whether the transport can carry a subscription
 * @param requestId told in every error and in the log
 * @param resumeAfter the {@link Answer#cursor} of the last response to a subscription that broke
 *     off, which goes on there; null: it did not. Subscriptions without cursors ignore it.
 * @param traceId W3C trace id of the trace it belongs to; null: none
 */
public record GraphQlRequest(
        @Nullable String query,
        @Nullable String operationName,
        Map<String, @Nullable Object> variables,
        Map<String, @Nullable Object> extensions,
        Caller caller,
        boolean queriesOnly,
        boolean streaming,
        String requestId,
        @Nullable String resumeAfter,
        @Nullable String traceId) {
    public GraphQlRequest {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(requestId, "requestId");
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /** A request that does not resume anything and belongs to no trace. */
    public GraphQlRequest(
            @Nullable String query,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables,
            Map<String, @Nullable Object> extensions,
            Caller caller,
            boolean queriesOnly,
            boolean streaming,
            String requestId) {
        this(
                query,
                operationName,
                variables,
                extensions,
                caller,
                queriesOnly,
                streaming,
                requestId,
                null,
                null);
    }
}
