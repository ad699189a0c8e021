// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.FieldRequest;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.schema.RequestScope;
import org.spicetime.runtime.graphql.schema.ServedSchema;

/**
 * Answers a field by a fetcher of a bundle: after the role was checked, on a thread of the bundle,
 * for a limited time. Thread-safe.
 *
 * @param coordinate of the field
 * @param needed role of a root field; null below
 * @param fetched all coordinates of the bundle that have a fetcher
 */
record FieldAnswer(
        Contribution owner, String coordinate, @Nullable Role needed, Set<String> fetched)
        implements DataFetcher<CompletableFuture<@Nullable Object>> {
    private static final int LONGEST_MESSAGE = 1000;

    @Override
    public CompletableFuture<@Nullable Object> get(DataFetchingEnvironment environment) {
        RequestScope scope = RequestScope.of(environment);
        allow(scope.caller());
        scope.check();
        FieldFetcher fetcher = owner.fetcher(coordinate);
        if (fetcher == null) throw gone();
        Request request = new Request(source(environment), arguments(environment), scope.caller());
        return owner.threads()
                .<@Nullable Object>call(() -> fetch(fetcher, request, environment))
                .handleAsync(this::outcome, scope.executor());
    }

    private void allow(Caller caller) {
        if (needed == null || caller.role().compareTo(needed) >= 0) return;
        throw new RefusedException(
                RequestErrorCode.FORBIDDEN,
                "%s needs the role %s, yours is %s".formatted(coordinate, needed, caller.role()),
                Map.of());
    }

    private @Nullable Object fetch(
            FieldFetcher fetcher, Request request, DataFetchingEnvironment environment)
            throws Exception {
        try {
            return ReturnValue.of(environment, fetched, fetcher.fetch(request));
        } catch (RefusedException refusal) {
            throw plain(refusal);
        }
    }

    // Its facts may be objects of the bundle, which nobody reads later.
    private static RefusedException plain(RefusedException refusal) {
        Map<String, Object> facts = new HashMap<>();
        refusal.details().forEach((name, value) -> facts.put(name, PlainFacts.of(value)));
        String message = String.valueOf(refusal.getMessage());
        return new RefusedException(
                refusal.code(),
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE) + "...",
                facts);
    }

    private @Nullable Object outcome(@Nullable Object value, @Nullable Throwable error) {
        if (error == null) return value;
        Throwable cause =
                error instanceof CompletionException && error.getCause() != null
                        ? error.getCause()
                        : error;
        if (cause instanceof RefusedException refusal) throw refusal;
        if (owner.gone()) throw gone();
        if (cause instanceof TimeoutException) {
            throw new RefusedException(
                    RequestErrorCode.REQUEST_TIMEOUT,
                    coordinate
                            + " was not answered within "
                            + BundleThreads.LIMIT.toMillis()
                            + " ms",
                    coordinate.startsWith("Mutation.")
                            ? Map.of("context", Map.of("outcome", "UNKNOWN"))
                            : Map.of());
        }
        if (cause instanceof RejectedExecutionException) {
            throw new RefusedException(
                    RequestErrorCode.RATE_LIMITED,
                    coordinate + " has too many callers now; try again later",
                    Map.of("retryAfter", BundleThreads.LIMIT.toMillis()));
        }
        throw new ContributionFailure(
                "bundle %s failed to answer %s".formatted(owner.contributor(), coordinate), cause);
    }

    private RefusedException gone() {
        return new RefusedException(
                RequestErrorCode.SCHEMA_CHANGED,
                "%s is gone from the schema, since its bundle %s was stopped or updated"
                        .formatted(coordinate, owner.contributor().bundle()),
                Map.of());
    }

    private static @Nullable Object source(DataFetchingEnvironment environment) {
        Object source = environment.getSource();
        return source instanceof Answered answered
                ? answered.original()
                : ServedSchema.forBundles(source);
    }

    private static Map<String, @Nullable Object> arguments(DataFetchingEnvironment environment) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(environment.getArguments()));
    }

    /** What the fetcher is told. Immutable. */
    private record Request(
            @Nullable Object source, Map<String, @Nullable Object> arguments, Caller caller)
            implements FieldRequest {}
}
