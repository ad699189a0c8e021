// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.transport.ErrorEntry;

/**
 * One operation of a response that stays open. Its source may give one response at a time: the next
 * is asked for when the one before has left. Thread-safe.
 */
final class StreamedOperation implements Subscriber<Answer> {
    private enum State {
        ACTIVE,
        /** Nothing more comes from the source; what waits is still sent. */
        ENDED,
        /** Nobody wants it any more: nothing is sent. */
        CANCELLED
    }

    private static final Logger LOG = LoggerFactory.getLogger(StreamedOperation.class);

    private final String requestId;
    private final Framing framing;
    private final EventWriter writer;
    private final Consumer<StreamedOperation> onLast;
    private final AtomicReference<State> state = new AtomicReference<>(State.ACTIVE);
    private final AtomicReference<@Nullable Subscription> source = new AtomicReference<>();
    private volatile @Nullable Part response;
    private volatile @Nullable Part end;

    /**
     * @param onLast told just before its last bytes leave
     */
    StreamedOperation(
            String requestId,
            Framing framing,
            EventWriter writer,
            Consumer<StreamedOperation> onLast) {
        this.requestId = requestId;
        this.framing = framing;
        this.writer = writer;
        this.onLast = onLast;
    }

    /** Sends what becomes of a request. */
    void carry(Outcome outcome) {
        switch (outcome) {
            case Outcome.Refused refused -> respond(Answer.of(Map.of("errors", refused.errors())));
            case Outcome.Executed executed -> {
                var _ =
                        executed.response()
                                .whenComplete((Answer body, @Nullable Throwable failure) -> {
                                    if (failure == null) respond(body);
                                    else onError(failure);
                                });
            }
            case Outcome.Stream stream -> stream.responses().subscribe(this);
        }
    }

    /** Its only response. */
    void respond(Answer response) {
        byte[] bytes;
        try {
            bytes = framing.next(response);
        } catch (RuntimeException e) {
            onError(e);
            return;
        }
        last(bytes);
    }

    /** Stops the source; nothing is sent any more, not even what waits. */
    void cancel() {
        if (state.getAndSet(State.CANCELLED) == State.CANCELLED) return;
        Part waiting = response;
        if (waiting != null) writer.remove(waiting);
        waiting = end;
        if (waiting != null) writer.remove(waiting);
        cancelSource();
    }

    private void cancelSource() {
        Subscription subscription = source.get();
        if (subscription != null) subscription.cancel();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (!source.compareAndSet(null, subscription) || state.get() != State.ACTIVE) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(Answer response) {
        if (state.get() != State.ACTIVE) return;
        byte[] bytes;
        try {
            bytes = framing.next(response);
        } catch (RuntimeException e) {
            cancelSource();
            onError(e);
            return;
        }
        next(bytes);
    }

    /** A defect of the host, told as the last response. */
    @Override
    public void onError(Throwable cause) {
        LOG.error("request {}: the engine failed", requestId, cause);
        ErrorEntry error =
                new ErrorEntry(
                        "A defect of the host; its log has the details.",
                        "INTERNAL_SERVER_ERROR",
                        requestId,
                        Map.of("incident", requestId));
        last(framing.next(Answer.of(error.asFailure())));
    }

    @Override
    public void onComplete() {
        if (state.compareAndSet(State.ACTIVE, State.ENDED)) complete();
    }

    private void last(byte[] bytes) {
        if (state.compareAndSet(State.ACTIVE, State.ENDED)) {
            next(bytes);
            complete();
        }
    }

    private void next(byte[] bytes) {
        Part next = new Response(bytes);
        response = next;
        writer.add(next);
    }

    private void complete() {
        Part last = new Last();
        end = last;
        writer.add(last);
    }

    private abstract class Part implements EventWriter.Message {
        abstract byte[] content();

        @Override
        public byte @Nullable [] bytes() {
            return state.get() == State.CANCELLED ? null : content();
        }
    }

    private final class Response extends Part {
        private final byte[] content;

        Response(byte[] content) {
            this.content = content;
        }

        @Override
        byte[] content() {
            return content;
        }

        @Override
        public void sent() {
            Subscription subscription = source.get();
            if (subscription != null && state.get() == State.ACTIVE) subscription.request(1);
        }
    }

    private final class Last extends Part {
        @Override
        byte[] content() {
            onLast.accept(StreamedOperation.this);
            return framing.complete();
        }
    }
}
