// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;

/*
 * OPEN   messages are taken, and sent once there is a connection.
 * ENDED  what waits is sent; nothing more is taken.
 * GONE   nothing is sent any more; the request is complete.
 *
 * Whoever adds something writes, as far as the connection takes it, unless another thread is
 * writing, which then goes on; the container calls when the connection takes more.
 */

/**
 * What goes out on a response that stays open. No thread waits for its reader; how much may wait is
 * up to those who add. Thread-safe.
 */
final class EventWriter implements AsyncListener {
    /** Bytes whose turn comes. */
    interface Message {
        /** The bytes; null if they are no longer wanted. */
        byte @Nullable [] bytes();

        /** They have left, and there is room again. */
        default void sent() {}
    }

    private enum State {
        OPEN,
        ENDED,
        GONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    private final String requestId;
    private final Message heartbeat;
    private final @Nullable Caller caller;
    private final LongSupplier nanoTime;
    private final Runnable onGone;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final Queue<Message> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Connection connection;
    private volatile boolean writable;

    // Since when the connection has taken nothing though there is something; null: it takes all.
    private volatile @Nullable Long stuckSince;

    // Guarded by calls: only who raised it from 0 writes.
    private final List<Message> written = new ArrayList<>();
    private boolean unflushed;

    /**
     * @param requestId told in the log
     * @param heartbeat what tells everybody on the way that the response is alive
     * @param caller for whom it is
     * @param onGone told once, when nothing is sent any more
     */
    EventWriter(
            String requestId,
            byte[] heartbeat,
            @Nullable Caller caller,
            LongSupplier nanoTime,
            Runnable onGone) {
        this.requestId = requestId;
        this.heartbeat = () -> heartbeat;
        this.caller = caller;
        this.nanoTime = nanoTime;
        this.onGone = onGone;
    }

    @Nullable Caller caller() {
        return caller;
    }

    /** Sends what waits, and what comes, on this response; its head leaves at once. */
    void connect(AsyncContext async, ServletOutputStream out) {
        Connection made = new Connection(async, out);
        connection = made;
        async.addListener(this);
        out.setWriteListener(
                new WriteListener() {
                    @Override
                    public void onWritePossible() {
                        writable = true;
                        write();
                    }

                    @Override
                    public void onError(Throwable lost) {
                        LOG.debug("request {}: the client is gone", requestId, lost);
                        drop();
                    }
                });
        if (state.get() == State.GONE) made.complete();
    }

    void add(Message message) {
        if (state.get() != State.OPEN) return;
        waiting.add(message);
        write();
    }

    /** Takes back what is no longer wanted, if it still waits. */
    void remove(Message message) {
        waiting.remove(message);
    }

    /** Ends the response when all that waits has left. */
    void end() {
        if (state.compareAndSet(State.OPEN, State.ENDED)) write();
    }

    /** Ends the response as it is. */
    void drop() {
        Connection open = connection;
        if (gone() && open != null) open.complete();
    }

    /** Whether nothing is sent any more. */
    boolean isGone() {
        return state.get() == State.GONE;
    }

    /** Shows that the response is alive, and finds out whether the reader is; not if it is slow. */
    void beat() {
        if (writable && stuckSince == null) add(heartbeat);
    }

    /** How long the reader has taken nothing of what there is for it, in nanoseconds. */
    long stuckNanos() {
        Long since = stuckSince;
        return since == null ? 0 : nanoTime.getAsLong() - since;
    }

    private void write() {
        Connection open = connection;
        if (!writable || open == null || calls.getAndIncrement() > 0) return;
        int seen = 1;
        do {
            try {
                writeWhatFits(open);
            } catch (IOException | IllegalStateException e) {
                LOG.debug("request {}: the client is gone", requestId, e);
                drop();
            }
            seen = calls.addAndGet(-seen);
        } while (seen != 0);
    }

    private void writeWhatFits(Connection open) throws IOException {
        while (state.get() != State.GONE) {
            if (!open.out.isReady()) {
                if (stuckSince == null) stuckSince = nanoTime.getAsLong();
                return;
            }
            stuckSince = null;
            Message next = waiting.poll();
            if (next != null) {
                byte[] bytes = next.bytes();
                if (bytes == null) continue;
                open.out.write(bytes);
                unflushed = true;
                written.add(next);
            } else if (unflushed) {
                unflushed = false;
                open.out.flush();
            } else if (!written.isEmpty()) {
                List<Message> left = List.copyOf(written);
                written.clear();
                left.forEach(Message::sent);
            } else {
                if (state.get() == State.ENDED && waiting.isEmpty()) drop();
                return;
            }
        }
    }

    private boolean gone() {
        if (state.getAndSet(State.GONE) == State.GONE) return false;
        waiting.clear();
        onGone.run();
        return true;
    }

    @Override
    public void onError(AsyncEvent event) {
        drop();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        drop();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        var _ = gone();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private record Connection(AsyncContext async, ServletOutputStream out) {
        void complete() {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("the container has ended a response", e);
            }
        }
    }
}
