// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/** The HTTP connections that are open now, and what they moved. Thread-safe. */
final class OpenConnections implements Connection.Listener {

    private final Map<Connection, Counted> open = new ConcurrentHashMap<>();
    private final Traffic traffic;

    OpenConnections(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Layers below HTTP, such as TLS, are told as well, and left out. */
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof org.eclipse.jetty.client.Connection) {
            open.put(connection, new Counted());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Counted counted = open.remove(connection);
        if (counted != null) {
            counted.count(connection, traffic);
        }
    }

    int count() {
        return open.size();
    }

    /** Counts what all of them moved since the last time. */
    void countAll() {
        open.forEach((connection, counted) -> counted.count(connection, traffic));
    }

    void count(@Nullable Connection connection) {
        Counted counted = connection == null ? null : open.get(connection);
        if (counted != null && connection != null) {
            counted.count(connection, traffic);
        }
    }

    private static final class Counted {
        private long seen;

        synchronized void count(Connection connection, Traffic traffic) {
            long now = connection.getBytesIn() + connection.getBytesOut();
            traffic.moved(now - seen);
            seen = now;
        }
    }
}
