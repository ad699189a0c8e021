// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.JsonWriter;
import org.spicetime.runtime.graphql.json.MalformedJsonException;
import org.spicetime.runtime.graphql.transport.ErrorEntry;
import org.spicetime.runtime.graphql.transport.InvalidParametersException;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/*
 * graphql-transport-ws, the host's side.
 *
 * WAITING  for connection_init, 3 s at most. Nothing but init, ping and pong is accepted.
 * READY    acknowledged: subscribe and complete are accepted.
 * CLOSED   by either side; every operation is cancelled, nothing is sent.
 *
 * Only the receiving thread makes operations; any thread may end them or close the connection.
 */

/** One connection. Messages come from one thread at a time; all else is thread-safe. */
final class GraphQlConnection {
    static final int OPERATIONS = 100;
    static final Duration INITIALISATION = Duration.ofSeconds(3);
    static final Duration STUCK = Duration.ofSeconds(30);
    static final Duration CHECK = Duration.ofSeconds(2);
    private static final int CHECKS_PER_PING = 30;
    private static final Logger LOG = LoggerFactory.getLogger(GraphQlConnection.class);

    private enum State {
        WAITING,
        READY,
        CLOSED
    }

    private final Peer peer;
    private final Sockets sockets;
    private final String address;
    private final Outbox outbox;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile @Nullable Caller caller;
    private volatile @Nullable Caller signedIn;
    private volatile Runnable cancelTimer = () -> {};
    private int checks;

    /**
     * @param address where it comes from
     * @param caller whoever signed in with the upgrade; null: a token must come with
     *     connection_init
     */
    GraphQlConnection(Peer peer, Sockets sockets, String address, @Nullable Caller caller) {
        this.peer = peer;
        this.sockets = sockets;
        this.address = address;
        this.caller = caller;
        this.outbox =
                new Outbox(peer, sockets.nanoTime(), () -> close(CloseCode.INTERNAL_SERVER_ERROR));
    }

    /** The socket is open. */
    void opened() {
        sockets.opened(this, address);
        cancelTimer =
                sockets.timer()
                        .after(
                                INITIALISATION,
                                () -> {
                                    if (state.get() == State.WAITING) {
                                        close(CloseCode.INITIALISATION_TIMEOUT);
                                    }
                                });
        outbox.whenRoom(peer::demand);
    }

    /** A text frame has come. After the end it is dropped, so that the other side's end is seen. */
    void receive(String text) {
        if (state.get() == State.CLOSED) {
            peer.demand();
            return;
        }
        try {
            if (JsonReader.read(text) instanceof Map<?, ?> message) {
                receive(message);
            } else {
                close(CloseCode.BAD_REQUEST, "A message must be a JSON object");
            }
        } catch (MalformedJsonException | InvalidParametersException e) {
            close(CloseCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("a message could not be handled", e);
            close(CloseCode.INTERNAL_SERVER_ERROR);
        }
        outbox.whenRoom(peer::demand);
    }

    /** A binary frame has come. */
    void receiveBinary() {
        close(CloseCode.BAD_REQUEST, "Binary messages are not accepted");
    }

    /** The socket is gone, whoever closed it. */
    void gone() {
        if (!gone.compareAndSet(false, true)) return;
        if (end() == State.WAITING) sockets.decided(address);
        sockets.closed(this, signedIn);
    }

    void close(CloseCode code) {
        close(code, code.reason());
    }

    private void close(CloseCode code, String reason) {
        State before = end();
        if (before == State.CLOSED) return;
        if (before == State.WAITING) sockets.decided(address);
        peer.close(code.code(), CloseCode.shortened(reason));
    }

    private State end() {
        State before = state.getAndSet(State.CLOSED);
        if (before != State.CLOSED) {
            cancelTimer.run();
            outbox.close();
            for (Operation operation : operations.values()) operation.cancel();
            operations.clear();
        }
        return before;
    }

    private void receive(Map<?, ?> message) throws InvalidParametersException {
        String type = message.get("type") instanceof String text ? text : "";
        switch (type) {
            case "connection_init" -> initialise(objectOrNull(message, "payload"));
            case "ping" -> pong(objectOrNull(message, "payload"));
            case "pong" -> objectOrNull(message, "payload");
            case "subscribe" -> subscribe(id(message), message.get("payload"));
            case "complete" -> complete(id(message));
            default -> throw new InvalidParametersException("Unknown message type");
        }
    }

    private void initialise(@Nullable Map<?, ?> payload) {
        if (state.get() == State.READY) {
            close(CloseCode.TOO_MANY_INITIALISATIONS);
            return;
        }
        Caller found = caller;
        Object token = payload == null ? null : payload.get("token");
        if (token != null) found = callerOf(token).orElse(null);
        if (found == null) {
            close(CloseCode.FORBIDDEN);
            return;
        }
        boolean room = sockets.signedIn(found);
        signedIn = found;
        caller = found;
        if (!room) {
            close(
                    CloseCode.TRY_AGAIN_LATER,
                    "Too many sockets: %d for each user".formatted(Sockets.PER_USER));
            return;
        }
        if (!state.compareAndSet(State.WAITING, State.READY)) return;
        sockets.decided(address);
        cancelTimer.run();
        checkLater();
        send("connection_ack", null);
    }

    private Optional<Caller> callerOf(Object token) {
        Authenticator authenticator = sockets.authenticator();
        return authenticator != null && token instanceof String text
                ? authenticator.authenticate(text)
                : Optional.empty();
    }

    private void subscribe(String id, @Nullable Object payload) throws InvalidParametersException {
        Caller asking = caller;
        if (state.get() != State.READY || asking == null) {
            close(CloseCode.UNAUTHORIZED);
            return;
        }
        if (!sockets.holds(asking)) {
            close(CloseCode.FORBIDDEN);
            return;
        }
        RequestParameters parameters = RequestParameters.of(payload);
        if (operations.containsKey(id)) {
            close(CloseCode.SUBSCRIBER_EXISTS, "Subscriber for %s already exists".formatted(id));
            return;
        }
        Engine engine = sockets.engine();
        if (engine == null) {
            close(CloseCode.GOING_AWAY);
            return;
        }
        Operation operation =
                new Operation(
                        id,
                        sockets.ids().next(),
                        outbox,
                        last -> operations.remove(last.id(), last));
        boolean full = operations.size() >= OPERATIONS;
        operations.put(id, operation);
        if (full) {
            operation.refuse(List.of(tooManyOperations(operation).toMap()));
        } else {
            start(operation, engine, parameters, asking);
        }
        if (state.get() == State.CLOSED) operation.cancel();
    }

    private static void start(
            Operation operation, Engine engine, RequestParameters parameters, Caller caller) {
        try {
            switch (engine.execute(
                    parameters.toRequest(caller, false, true, operation.requestId()))) {
                case Outcome.Refused refused -> operation.refuse(refused.errors());
                case Outcome.Executed executed -> {
                    CompletionStage<Answer> response = executed.response();
                    var _ =
                            response.whenComplete((Answer body, @Nullable Throwable failure) -> {
                                if (failure == null) operation.respond(body);
                                else operation.fail(failure);
                            });
                }
                case Outcome.Stream stream -> stream.responses().subscribe(operation);
            }
        } catch (RuntimeException e) {
            operation.fail(e);
        }
    }

    private void complete(String id) {
        Operation operation = operations.remove(id);
        if (operation != null) operation.cancel();
    }

    private void pong(@Nullable Map<?, ?> payload) {
        send("pong", payload);
    }

    private void send(String type, @Nullable Map<?, ?> payload) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("type", type);
        if (payload != null) message.put("payload", payload);
        outbox.add(() -> JsonWriter.text(message));
    }

    private void checkLater() {
        cancelTimer = sockets.timer().after(CHECK, this::check);
    }

    private void check() {
        if (state.get() != State.READY) return;
        Caller asked = caller;
        if (asked == null || !sockets.holds(asked)) {
            close(CloseCode.FORBIDDEN);
            return;
        }
        if (outbox.nanosUnderWay() >= STUCK.toNanos()) {
            close(
                    CloseCode.TRY_AGAIN_LATER,
                    "Nothing was read for %d s".formatted(STUCK.toSeconds()));
            return;
        }
        checks++;
        if (checks % CHECKS_PER_PING == 0) peer.ping();
        checkLater();
        if (state.get() == State.CLOSED) cancelTimer.run();
    }

    private static ErrorEntry tooManyOperations(Operation operation) {
        return new ErrorEntry(
                "This socket has %d operations, the most there may be.".formatted(OPERATIONS),
                "RATE_LIMITED",
                operation.requestId(),
                Map.of("retryAfter", 1000));
    }

    private static String id(Map<?, ?> message) throws InvalidParametersException {
        if (message.get("id") instanceof String id && !id.isEmpty()) return id;
        throw new InvalidParametersException("The id must be a string that is not empty");
    }

    private static @Nullable Map<?, ?> objectOrNull(Map<?, ?> message, String name)
            throws InvalidParametersException {
        return switch (message.get(name)) {
            case null -> null;
            case Map<?, ?> object -> object;
            default -> throw new InvalidParametersException("The " + name + " must be an object");
        };
    }
}
