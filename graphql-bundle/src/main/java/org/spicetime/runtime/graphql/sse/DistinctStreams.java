// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.engine.Refusal;
import org.spicetime.runtime.graphql.transport.ErrorEntry;

/**
 * Responses that stay open, one operation each: server-sent events ("distinct connections mode" of
 * GraphQL over SSE) or parts. Thread-safe.
 */
public final class DistinctStreams implements StreamCarrier {
    /** As many subscriptions as a user may have over WebSockets: 20 sockets of 100. */
    static final int PER_USER = 2_000;

    private final OpenResponses responses;
    private final Places subscribed;
    private final Form form;
    private final Framing framing;
    private final Predicate<Outcome> carried;

    private DistinctStreams(
            OpenResponses responses,
            Places subscribed,
            Form form,
            Framing framing,
            Predicate<Outcome> carried) {
        this.responses = responses;
        this.subscribed = subscribed;
        this.form = form;
        this.framing = framing;
        this.carried = carried;
    }

    /**
     * Server-sent events. They carry all but a mutation by GET: the status of that one is part of
     * GraphQL over HTTP. Other refusals are events, as the clients of browsers do not show the body
     * of another status.
     */
    public static DistinctStreams events(OpenResponses responses) {
        return new DistinctStreams(
                responses,
                new Places(PER_USER),
                Form.EVENTS,
                new EventFraming(null),
                outcome ->
                        !(outcome instanceof Outcome.Refused refused
                                && refused.kind() == Refusal.MUTATION_NOT_ALLOWED));
    }

    /** Parts, for subscriptions alone; the users' places are those of the events. */
    public static DistinctStreams parts(OpenResponses responses, DistinctStreams events) {
        return new DistinctStreams(
                responses,
                events.subscribed,
                Form.PARTS,
                new PartFraming(),
                Outcome.Stream.class::isInstance);
    }

    @Override
    public boolean carries(Outcome outcome) {
        return carried.test(outcome);
    }

    @Override
    public void carry(
            Outcome outcome,
            String requestId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AsyncContext async = form.begin(request, response);
        if (request.getMethod().equals("HEAD")) {
            if (outcome instanceof Outcome.Stream stream) dismiss(stream.responses());
            async.complete();
            return;
        }
        Caller caller =
                request.getAttribute(Caller.class.getName()) instanceof Caller found ? found : null;
        String user = outcome instanceof Outcome.Stream && caller != null ? caller.name() : null;
        boolean room = user == null || subscribed.take(user);
        AtomicReference<@Nullable StreamedOperation> begun = new AtomicReference<>();
        EventWriter writer =
                responses.opened(
                        requestId,
                        form.heartbeat(),
                        caller,
                        () -> {
                            if (user != null) subscribed.release(user);
                            StreamedOperation operation = begun.get();
                            if (operation != null) operation.cancel();
                        });
        StreamedOperation operation =
                new StreamedOperation(requestId, framing, writer, last -> writer.end());
        begun.set(operation);
        writer.add(form::opening);
        writer.connect(async, response.getOutputStream());
        if (outcome instanceof Outcome.Stream stream && !room) {
            dismiss(stream.responses());
            operation.respond(Answer.of(tooMany(requestId).asRefusal()));
        } else {
            operation.carry(outcome);
        }
        if (writer.isGone()) operation.cancel();
    }

    private static ErrorEntry tooMany(String requestId) {
        return new ErrorEntry(
                "This user has %d subscriptions over HTTP, the most there may be."
                        .formatted(PER_USER),
                "RATE_LIMITED",
                requestId,
                Map.of("retryAfter", 1000));
    }

    // A source gives back what it holds when it is cancelled, for which it must have begun.
    private static void dismiss(Publisher<Answer> responses) {
        responses.subscribe(
                new Subscriber<>() {
                    @Override
                    public void onSubscribe(Subscription subscription) {
                        subscription.cancel();
                    }

                    @Override
                    public void onNext(Answer answer) {}

                    @Override
                    public void onError(Throwable cause) {}

                    @Override
                    public void onComplete() {}
                });
    }
}
