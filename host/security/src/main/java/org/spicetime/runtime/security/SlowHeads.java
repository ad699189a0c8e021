// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;

/*
 * Jetty ends a connection on which nothing comes for a while. A client that sends a byte now and
 * then is never quiet for long enough, so here the whole of a head is timed, by the counters of the
 * connection: while as many requests were answered as came, no head is complete, and bytes that
 * come belong to the next one. Its time begins with the connection or, for a later request, when
 * the first of its bytes was seen. While a request is answered nothing is timed here, nor after an
 * upgrade, when the connection is another one.
 */

/**
 * Closes the connections of HTTP/1 whose clients take too long to send a request line and its
 * headers. Thread-safe; one thread looks.
 */
final class SlowHeads implements Connection.Listener {
    private final Supplier<ConnectionLimits> limits;
    private final LongSupplier nanoTime;
    private final SeldomLog log;
    private final Map<Connection, Reading> open = new ConcurrentHashMap<>();

    SlowHeads(Supplier<ConnectionLimits> limits, LongSupplier nanoTime, SeldomLog log) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.log = log;
    }

    @Override
    public void onOpened(Connection connection) {
        open.put(connection, new Reading(nanoTime.getAsLong()));
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    /** Closes what has taken too long by now. Called by one thread at a time. */
    void look() {
        long now = nanoTime.getAsLong();
        Duration allowed = limits.get().head();
        open.forEach((connection, reading) -> {
            if (reading.waited(connection, now) <= allowed.toNanos()) return;
            open.remove(connection);
            log.warn(
                    "a connection of %s was closed: the head of its request took longer than %d s"
                            .formatted(
                                    connection.getEndPoint().getRemoteSocketAddress(),
                                    allowed.toSeconds()));
            connection.getEndPoint().close(new TimeoutException("the request came too slowly"));
        });
    }

    /** How many connections are watched. */
    int count() {
        return open.size();
    }

    /** Since when a head is on its way. Used by the thread that looks alone. */
    private static final class Reading {
        private static final long NOT_YET = -1;

        private long began;
        private boolean within = true;
        private long requests;
        private long bytesBetween = NOT_YET;

        Reading(long opened) {
            began = opened;
        }

        /** For how long the client has been at a head; 0: it is at none. */
        long waited(Connection connection, long now) {
            long heads = connection.getMessagesIn();
            if (heads > connection.getMessagesOut()) {
                requests = heads;
                within = false;
                bytesBetween = NOT_YET;
                return 0;
            }
            if (heads != requests) {
                // It came and was answered between two looks.
                requests = heads;
                within = false;
                bytesBetween = NOT_YET;
            }
            if (!within) {
                long bytes = connection.getBytesIn();
                if (bytesBetween == NOT_YET) bytesBetween = bytes;
                within = bytes > bytesBetween;
                began = now;
            }
            return within ? now - began : 0;
        }
    }
}
