// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Outcome;

/*
 * RESERVED   nobody has come for it yet; operations may begin, what they have to say waits.
 * CONNECTED  its one reader is there.
 * GONE       the reader left, or did not come: every operation is cancelled, the token is worthless.
 */

/** One stream of events that carries the operations of one client. Thread-safe. */
public final class SharedStream {
    /** How many operations it carries at a time. */
    public static final int OPERATIONS = 100;

    private final String token;
    private final String user;
    private final long reservedNanos;
    private final EventWriter writer;
    private final AtomicBoolean connected = new AtomicBoolean();
    private final Map<String, StreamedOperation> operations = new ConcurrentHashMap<>();

    /** What became of a request for an operation. */
    public sealed interface Begun {
        /** Its responses go to the stream. */
        record Accepted() implements Begun {}

        /** An operation of that id is under way. */
        record Taken() implements Begun {}

        /** There are as many operations as there may be. */
        record Full() implements Begun {}

        /** Nothing of it goes to the stream. */
        record Refused(Outcome.Refused outcome) implements Begun {}
    }

    SharedStream(String token, Caller owner, String requestId, OpenResponses all, Runnable onGone) {
        this.token = token;
        this.user = owner.name();
        this.reservedNanos = all.nanos();
        this.writer =
                all.opened(
                        requestId,
                        EventFraming.COMMENT,
                        owner,
                        () -> {
                            onGone.run();
                            cancelAll();
                        });
        writer.add(() -> EventFraming.COMMENT);
    }

    /** Whoever knows it and is the same user may use the stream. */
    public String token() {
        return token;
    }

    String user() {
        return user;
    }

    boolean isGone() {
        return writer.isGone();
    }

    /**
     * Makes this exchange its one reader.
     *
     * @return false: it has one; nothing was answered
     */
    public boolean connect(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!connected.compareAndSet(false, true)) return false;
        writer.connect(Form.EVENTS.begin(request, response), response.getOutputStream());
        return true;
    }

    /**
     * Begins an operation.
     *
     * @param operationId given by the client
     * @param requestId of the request for it
     * @param execution asked if there is a place for it
     */
    public Begun begin(String operationId, String requestId, Supplier<Outcome> execution) {
        StreamedOperation operation =
                new StreamedOperation(
                        requestId,
                        new EventFraming(operationId),
                        writer,
                        last -> operations.remove(operationId, last));
        synchronized (operations) {
            if (operations.containsKey(operationId)) return new Begun.Taken();
            if (operations.size() >= OPERATIONS) return new Begun.Full();
            operations.put(operationId, operation);
        }
        boolean begun = false;
        try {
            Outcome outcome = execution.get();
            if (outcome instanceof Outcome.Refused refused) return new Begun.Refused(refused);
            begun = true;
            operation.carry(outcome);
        } finally {
            if (!begun) operations.remove(operationId, operation);
        }
        if (writer.isGone()) operation.cancel();
        return new Begun.Accepted();
    }

    /** Ends an operation, if it is there; nothing more of it is sent. */
    public void stop(String operationId) {
        StreamedOperation operation = operations.remove(operationId);
        if (operation != null) operation.cancel();
    }

    /** Finds out whether its reader is still there. */
    void probe() {
        writer.beat();
    }

    boolean isUnclaimed() {
        return !connected.get();
    }

    boolean isOlderThan(SharedStream other) {
        return reservedNanos - other.reservedNanos < 0;
    }

    /** How long ago it was reserved, in nanoseconds. */
    long age(long now) {
        return now - reservedNanos;
    }

    /** Gives the place back if nobody has come for it; whether it was so. */
    boolean dropUnclaimed() {
        if (!connected.compareAndSet(false, true)) return false;
        writer.drop();
        return true;
    }

    private void cancelAll() {
        operations.values().forEach(StreamedOperation::cancel);
        operations.clear();
    }
}
