// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be sent on one socket. One text is under way at a time; the end of its sending
 * starts the next one, and lets its source give more. So a slow reader slows the sources down, and
 * memory is bounded by the number of sources. Thread-safe.
 */
final class Outbox {
    /** A text made when its turn has come. */
    interface Message {
        /** The text; null if it is no longer wanted. */
        @Nullable String text();

        /** The text has left. */
        default void sent() {}
    }

    private static final int ROOM = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Peer peer;
    private final LongSupplier nanoTime;
    private final Runnable onFailure;

    @GuardedBy("this")
    private final Queue<Message> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean sending;

    @GuardedBy("this")
    private long sendingSince;

    @GuardedBy("this")
    private boolean draining;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private @Nullable Runnable whenRoom;

    /**
     * @param onFailure told when a text cannot be made or sent; nothing is sent after it
     */
    Outbox(Peer peer, LongSupplier nanoTime, Runnable onFailure) {
        this.peer = peer;
        this.nanoTime = nanoTime;
        this.onFailure = onFailure;
    }

    void add(Message message) {
        synchronized (this) {
            if (closed) return;
            waiting.add(message);
        }
        drain();
    }

    /** Runs the action as soon as few messages wait; the last action given counts. */
    void whenRoom(Runnable action) {
        synchronized (this) {
            if (closed) return;
            if (waiting.size() >= ROOM) {
                whenRoom = action;
                return;
            }
        }
        action.run();
    }

    /** How long the text under way has been so; 0 if none is. */
    synchronized long nanosUnderWay() {
        return sending ? nanoTime.getAsLong() - sendingSince : 0;
    }

    /** Drops what waits, and what will come. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        whenRoom = null;
    }

    // One thread drains at a time; a text sent at once comes back here, finds that, and returns.
    private void drain() {
        synchronized (this) {
            if (draining) return;
            draining = true;
        }
        while (true) {
            Message message;
            Runnable room = null;
            synchronized (this) {
                message = sending || closed ? null : waiting.poll();
                if (message == null) {
                    draining = false;
                    return;
                }
                sending = true;
                sendingSince = nanoTime.getAsLong();
                if (waiting.size() < ROOM) {
                    room = whenRoom;
                    whenRoom = null;
                }
            }
            if (room != null) room.run();
            try {
                String text = message.text();
                if (text == null) {
                    synchronized (this) {
                        sending = false;
                    }
                } else {
                    peer.send(text, new Sending(message));
                }
            } catch (RuntimeException e) {
                LOG.error("a message could not be written", e);
                fail();
            }
        }
    }

    private void fail() {
        close();
        onFailure.run();
    }

    private final class Sending implements Peer.Sent {
        private final Message message;

        Sending(Message message) {
            this.message = message;
        }

        @Override
        public void succeeded() {
            synchronized (Outbox.this) {
                sending = false;
            }
            message.sent();
            drain();
        }

        @Override
        public void failed(Throwable cause) {
            LOG.debug("a message could not be sent", cause);
            fail();
        }
    }
}
