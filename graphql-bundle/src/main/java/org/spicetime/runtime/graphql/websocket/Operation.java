// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.json.JsonText;
import org.spicetime.runtime.graphql.json.JsonWriter;
import org.spicetime.runtime.graphql.transport.ErrorEntry;

/**
 * One operation of a connection, from {@code subscribe} to {@code complete}. Its source may give
 * one response at a time: the next is asked for when the one before has left. Thread-safe.
 */
final class Operation implements Subscriber<Answer> {
    private enum State {
        ACTIVE,
        /** Nothing more comes from the source; what waits is still sent. */
        ENDED,
        /** The client does not want it any more, or is gone: nothing is sent. */
        CANCELLED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);

    private final String id;
    private final String requestId;
    private final Outbox outbox;
    private final Consumer<Operation> onLast;
    private final AtomicReference<State> state = new AtomicReference<>(State.ACTIVE);
    private final AtomicReference<@Nullable Subscription> source = new AtomicReference<>();

    /**
     * @param id given by the client
     * @param onLast told just before its last message leaves: from then on the id is free
     */
    Operation(String id, String requestId, Outbox outbox, Consumer<Operation> onLast) {
        this.id = id;
        this.requestId = requestId;
        this.outbox = outbox;
        this.onLast = onLast;
    }

    String id() {
        return id;
    }

    String requestId() {
        return requestId;
    }

    /** Stops the source; nothing is sent any more, not even what waits. */
    void cancel() {
        if (state.getAndSet(State.CANCELLED) == State.CANCELLED) return;
        Subscription subscription = source.get();
        if (subscription != null) subscription.cancel();
    }

    /** It never began: the message of that type is its only one. */
    void refuse(Object errors) {
        if (state.compareAndSet(State.ACTIVE, State.ENDED)) send("error", errors, true);
    }

    /** Its only response. */
    void respond(Answer response) {
        if (state.compareAndSet(State.ACTIVE, State.ENDED)) {
            send("next", response, false);
            send("complete", null, true);
        }
    }

    /** A defect of the host, told as its last response. */
    void fail(Throwable cause) {
        LOG.error("request {}: the engine failed", requestId, cause);
        respond(
                Answer.of(
                        new ErrorEntry(
                                        "A defect of the host; its log has the details.",
                                        "INTERNAL_SERVER_ERROR",
                                        requestId,
                                        Map.of("incident", requestId))
                                .asFailure()));
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
        if (state.get() == State.ACTIVE) send("next", response, false);
    }

    @Override
    public void onError(Throwable cause) {
        fail(cause);
    }

    @Override
    public void onComplete() {
        if (state.compareAndSet(State.ACTIVE, State.ENDED)) send("complete", null, true);
    }

    private void send(String type, @Nullable Object payload, boolean last) {
        outbox.add(
                new Outbox.Message() {
                    @Override
                    public @Nullable String text() {
                        if (state.get() == State.CANCELLED) return null;
                        if (last) onLast.accept(Operation.this);
                        Map<String, @Nullable Object> message = new LinkedHashMap<>();
                        message.put("id", id);
                        message.put("type", type);
                        if (payload instanceof Answer answer) {
                            message.put("payload", new JsonText(answer.text()));
                        } else if (payload != null) {
                            message.put("payload", payload);
                        }
                        return JsonWriter.text(message);
                    }

                    @Override
                    public void sent() {
                        Subscription subscription = source.get();
                        if (subscription != null && state.get() == State.ACTIVE) {
                            subscription.request(1);
                        }
                    }
                });
    }
}
