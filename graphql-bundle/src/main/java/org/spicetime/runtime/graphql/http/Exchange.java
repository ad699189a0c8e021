// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.sse.StreamCarrier;
import org.spicetime.runtime.graphql.transport.ErrorEntry;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/**
 * A readable request and its answer, at once or when the engine has it. Called by one thread; the
 * answer may be sent by another.
 */
final class Exchange {
    /** Of whoever connects again. */
    static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ResponseType type;
    private final @Nullable StreamCarrier carrier;
    private final boolean post;
    private final String id;
    private final Duration patience;

    /**
     * @param type of an answer that is one document
     * @param carrier of the stream that the client prefers; null: it wants a document
     */
    Exchange(
            ResponseType type,
            @Nullable StreamCarrier carrier,
            boolean post,
            String id,
            Duration patience) {
        this.type = type;
        this.carrier = carrier;
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
            outcome =
                    engine.execute(
                            parameters.toRequest(
                                    caller,
                                    !post,
                                    carrier != null,
                                    id,
                                    carrier == null ? null : request.getHeader(LAST_EVENT_ID),
                                    request.getHeader(RequestParameters.TRACEPARENT)));
        } catch (RuntimeException e) {
            send(defect(e), request, response);
            return;
        }
        if (carrier != null && carrier.carries(outcome)) {
            carrier.carry(outcome, id, request, response);
            return;
        }
        switch (outcome) {
            case Outcome.Refused refused ->
                    send(Refusals.of(refused, type.refusedStatus(), type), request, response);
            case Outcome.Executed executed -> executed(executed, request, response);
            case Outcome.Stream stream ->
                    send(
                            defect(new IllegalStateException("a stream where none was asked for")),
                            request,
                            response);
        }
    }

    /** Sends an answer, which is the end of the request also if it is asynchronous by now. */
    static void send(Reply reply, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        reply.send(response);
        if (request.isAsyncStarted()) request.getAsyncContext().complete();
    }

    private void executed(
            Outcome.Executed executed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        CompletableFuture<Answer> result = executed.response().toCompletableFuture();
        if (result.isDone()) {
            send(completed(result, request), request, response);
            return;
        }
        AsyncContext async =
                request.isAsyncStarted()
                        ? request.getAsyncContext()
                        : request.startAsync(request, response);
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

    private Reply completed(CompletableFuture<Answer> result, HttpServletRequest request) {
        try {
            Answer answer = result.join();
            Reply reply = Reply.answer(type, answer);
            return post ? reply : reply.cacheable(request, answer.tag());
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
        return defect(cause, type, id);
    }

    /** The answer to a request that failed for a defect of the host. */
    static Reply defect(RuntimeException cause, ResponseType type, String id) {
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
