// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/** The HTTP connections that are open now. Thread-safe. */
final class OpenConnections implements Connection.Listener {

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    /** Layers below HTTP, such as TLS, are told as well, and left out. */
    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof org.eclipse.jetty.client.Connection) {
            open.add(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    int count() {
        return open.size();
    }
}
