// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/*
 * Jetty ends a connection on which nothing comes for a while. A client that sends a byte now and
 * then is never quiet for long enough, so here the whole of a head is timed. A request whose head is
 * complete passes the customizers, and has a listener for its completion from then on; between
 * these two nothing is timed here. Otherwise bytes that come belong to a head, whose time begins
 * with the connection or, for a later request, when the first of its bytes was seen. After an
 * upgrade the connection is another one.
 */

/**
 * Closes the connections of HTTP/1 whose clients take too long to send a request line and its
 * headers. Thread-safe; one thread looks.
 */
final class SlowHeads implements Connection.Listener, HttpConfiguration.Customizer {
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

    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        Reading reading = open.get(request.getConnectionMetaData().getConnection());
        if (reading != null) {
            reading.answering = true;
            Request.addCompletionListener(request, _ -> reading.answered());
        }
        return request;
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

    /** Since when a head is on its way. */
    private static final class Reading {
        private static final long NOT_YET = -1;

        private volatile boolean answering;
        private final AtomicLong answers = new AtomicLong();

        /* Of the thread that looks. */
        private long began;
        private boolean within = true;
        private long seen;
        private long bytesBetween = NOT_YET;

        Reading(long opened) {
            began = opened;
        }

        void answered() {
            answers.incrementAndGet();
            answering = false;
        }

        /** For how long the client has been at a head; 0: it is at none. */
        long waited(Connection connection, long now) {
            boolean underWay = answering;
            long over = answers.get();
            if (underWay || over != seen) {
                seen = over;
                within = false;
                bytesBetween = NOT_YET;
                if (underWay) return 0;
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
