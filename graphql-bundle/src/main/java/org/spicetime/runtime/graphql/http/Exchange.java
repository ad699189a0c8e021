// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.transport.ErrorEntry;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/**
 * A readable request and its answer, at once or when the engine has it. Called by one thread; the
 * answer may be sent by another.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ResponseType type;
    private final boolean post;
    private final String id;
    private final Duration patience;

    Exchange(ResponseType type, boolean post, String id, Duration patience) {
        this.type = type;
        this.post = post;
        this.id = id;
        this.patience = patience;
    }

    void answer(
            Engine engine,
            RequestParameters parameters,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Outcome outcome;
        try {
            outcome = engine.execute(parameters.toRequest(caller, !post, false, id));
        } catch (RuntimeException e) {
            defect(e).send(response);
            return;
        }
        switch (outcome) {
            case Outcome.Refused refused -> refusal(refused).send(response);
            case Outcome.Executed executed -> executed(executed, request, response);
            case Outcome.Stream stream ->
                    defect(new IllegalStateException("a stream where none was asked for"))
                            .send(response);
        }
    }

    private Reply refusal(Outcome.Refused refused) {
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
                    Reply.json(type.refusedStatus(), type, body);
            case MUTATION_NOT_ALLOWED -> Reply.json(405, type, body).with("Allow", "POST");
            case SUBSCRIPTION_NOT_ALLOWED, PERSISTED_QUERY_MALFORMED -> Reply.json(400, type, body);
        };
    }

    private void executed(
            Outcome.Executed executed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        CompletableFuture<Map<String, @Nullable Object>> result =
                executed.response().toCompletableFuture();
        if (result.isDone()) {
            completed(result, request).send(response);
            return;
        }
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(patience.toMillis());
        AtomicBoolean answered = new AtomicBoolean();
        async.addListener(
                new AsyncListener() {
                    @Override
                    public void onTimeout(AsyncEvent event) {
                        if (answered.compareAndSet(false, true)) {
                            finish(async, overdue(), response);
                        }
                    }

                    @Override
                    public void onError(AsyncEvent event) {
                        answered.set(true);
                    }

                    @Override
                    public void onComplete(AsyncEvent event) {}

                    @Override
                    public void onStartAsync(AsyncEvent event) {}
                });
        // The completing thread belongs to someone else: it must not wait for a slow reader.
        var _ =
                result.whenComplete((value, failure) -> {
                    if (answered.compareAndSet(false, true)) {
                        async.start(() -> finish(async, completed(result, request), response));
                    }
                });
    }

    private void finish(AsyncContext async, Reply reply, HttpServletResponse response) {
        try {
            reply.send(response);
        } catch (IOException e) {
            LOG.debug("request {}: the client is gone", id, e);
        } finally {
            async.complete();
        }
    }

    private Reply completed(
            CompletableFuture<Map<String, @Nullable Object>> result, HttpServletRequest request) {
        try {
            Reply reply = Reply.json(200, type, result.join());
            return post ? reply : reply.cacheable(request);
        } catch (RuntimeException e) {
            return defect(e);
        }
    }

    private Reply overdue() {
        ErrorEntry error =
                new ErrorEntry(
                        "The operation took longer than %d ms.".formatted(patience.toMillis()),
                        "REQUEST_TIMEOUT",
                        id,
                        post ? Map.of("context", Map.of("outcome", "UNKNOWN")) : Map.of());
        return Reply.json(200, type, error.asFailure());
    }

    private Reply defect(RuntimeException cause) {
        LOG.error("request {}: the engine failed", id, cause);
        ErrorEntry error =
                new ErrorEntry(
                        "A defect of the host; its log has the details.",
                        "INTERNAL_SERVER_ERROR",
                        id,
                        Map.of("incident", id));
        return Reply.refusal(500, type, error);
    }
}
