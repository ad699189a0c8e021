// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetchingEnvironment;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.stream.EventSource;

/**
 * One request while it runs: who asks, and how much it may still cost. Thread-safe.
 *
 * <p>Fetchers find it in the context of graphql-java under its class.
 */
public final class RequestScope {
    /** Most objects of one response. */
    public static final int MOST_OBJECTS = 50_000;

    private final Caller caller;
    private final AdmissionGate newTasks;
    private final SchemaFacts schema;
    private final Executor executor;
    private final Duration limit;
    private final long startedNanos = System.nanoTime();
    private final AtomicInteger objects = new AtomicInteger();
    private final boolean opening;
    private final @Nullable String resumeAfter;
    private final @Nullable String traceId;
    private volatile @Nullable EventSource opened;

    /**
     * A request that starts now.
     *
     * @param newTasks counts the tasks that the caller schedules
     * @param limit longest run
     * @param opening whether a subscription asks for its source, not for a value
     * @param resumeAfter where a subscription that broke off goes on; null: it begins
     * @param traceId the trace it belongs to; null: none
     * @param executor continues when a change completes on a thread of the host
     */
    public RequestScope(
            Caller caller,
            AdmissionGate newTasks,
            SchemaFacts schema,
            Executor executor,
            Duration limit,
            boolean opening,
            @Nullable String resumeAfter,
            @Nullable String traceId) {
        this.caller = caller;
        this.newTasks = newTasks;
        this.schema = schema;
        this.executor = executor;
        this.limit = limit;
        this.opening = opening;
        this.resumeAfter = resumeAfter;
        this.traceId = traceId;
    }

    /** The scope of the request a fetcher works for. */
    public static RequestScope of(DataFetchingEnvironment environment) {
        RequestScope scope = environment.getGraphQlContext().get(RequestScope.class);
        return Objects.requireNonNull(scope, "request scope");
    }

    /** Who asks. */
    public Caller caller() {
        return caller;
    }

    /** What new tasks must pass. */
    AdmissionGate newTasks() {
        return newTasks;
    }

    SchemaFacts schema() {
        return schema;
    }

    boolean opening() {
        return opening;
    }

    /** The cursor after which a subscription goes on; null: it begins. */
    @Nullable String resumeAfter() {
        return resumeAfter;
    }

    /** The W3C trace id of the request; null: it belongs to no trace. */
    @Nullable String traceId() {
        return traceId;
    }

    void opened(EventSource source) {
        opened = source;
    }

    /** The source a subscription asked for; null: none, for an error that was told. */
    public @Nullable EventSource source() {
        return opened;
    }

    /** Whether it produced more objects than allowed; then its response is void. */
    public boolean tooManyObjects() {
        return objects.get() > MOST_OBJECTS;
    }

    /** Where a request goes on that waited for a thread of the host or of a bundle. */
    public Executor executor() {
        return executor;
    }

    /** Refuses to go on when the request took too long or produced too much. */
    public void check() {
        if (tooManyObjects()) {
            throw new RefusedException(
                    RequestErrorCode.QUERY_TOO_COMPLEX,
                    "the request produced more than " + MOST_OBJECTS + " objects",
                    Map.of("limit", "objects"));
        }
        if (System.nanoTime() - startedNanos > limit.toNanos()) throw timeout(false);
    }

    /** Counts an object, or the elements of a list. */
    public void count(@Nullable Object produced) {
        int more =
                switch (produced) {
                    case null -> 0;
                    case Collection<?> list -> list.size();
                    default -> 1;
                };
        objects.addAndGet(more);
    }

    /** A change that goes on when the host is done with it, or fails when time is up. */
    CompletableFuture<@Nullable Object> settled(CompletionStage<? extends @Nullable Object> stage) {
        CompletableFuture<? extends @Nullable Object> asked = stage.toCompletableFuture();
        if (asked.isDone()) return asked.handle(RequestScope::outcome);
        // The rest of the request must not run on a thread of the host.
        CompletableFuture<@Nullable Object> done =
                asked.handleAsync(RequestScope::outcome, executor);
        long left = limit.toNanos() - (System.nanoTime() - startedNanos);
        CompletableFuture.delayedExecutor(Math.max(0, left), TimeUnit.NANOSECONDS, executor)
                .execute(() -> done.completeExceptionally(timeout(true)));
        return done;
    }

    private static @Nullable Object outcome(@Nullable Object value, @Nullable Throwable error) {
        if (error == null) return value;
        throw error instanceof CompletionException wrapped
                ? wrapped
                : new CompletionException(error);
    }

    private static RefusedException timeout(boolean change) {
        return new RefusedException(
                RequestErrorCode.REQUEST_TIMEOUT,
                change
                        ? "the change was not acknowledged in time; it may have been made"
                        : "the request took longer than the host allows",
                change ? Map.of("context", Map.of("outcome", "UNKNOWN")) : Map.of());
    }
}
