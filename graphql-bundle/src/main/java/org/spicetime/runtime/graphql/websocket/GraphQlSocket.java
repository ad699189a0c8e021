// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;

/**
 * Binds the protocol to a Jetty session, and asks for each message explicitly, so that a client
 * that does not read is not read either. Public because Jetty calls it. Called by Jetty's threads.
 */
@WebSocket(autoDemand = false)
public final class GraphQlSocket implements Session.Listener {
    /** The only sub-protocol. */
    public static final String SUBPROTOCOL = "graphql-transport-ws";

    static final int MESSAGE_BYTES = 64 * 1024;
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(GraphQlSocket.class);

    private final Sockets sockets;
    private final String address;
    private final @Nullable Caller caller;
    private final boolean acceptable;
    private volatile @Nullable GraphQlConnection connection;
    private volatile @Nullable JettyPeer peer;

    /**
     * @param address where it comes from
     * @param caller whoever signed in with the upgrade, if anybody
     * @param acceptable whether the client offered our sub-protocol; if not, it is told so by a
     *     close code, which clients can read, unlike a refused upgrade
     */
    public GraphQlSocket(
            Sockets sockets, String address, @Nullable Caller caller, boolean acceptable) {
        this.sockets = sockets;
        this.address = address;
        this.caller = caller;
        this.acceptable = acceptable;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        session.setIdleTimeout(IDLE);
        session.setMaxTextMessageSize(MESSAGE_BYTES);
        session.setMaxBinaryMessageSize(MESSAGE_BYTES);
        JettyPeer opened = new JettyPeer(session);
        GraphQlConnection opening = new GraphQlConnection(opened, sockets, address, caller);
        peer = opened;
        connection = opening;
        opening.opened();
        if (!acceptable) opening.close(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE);
    }

    @Override
    public void onWebSocketText(String message) {
        fulfilled();
        GraphQlConnection open = connection;
        if (open != null) open.receive(message);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        fulfilled();
        callback.succeed();
        GraphQlConnection open = connection;
        if (open != null) open.receiveBinary();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("a socket failed", cause);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason) {
        GraphQlConnection open = connection;
        if (open != null) open.gone();
    }

    private void fulfilled() {
        JettyPeer opened = peer;
        if (opened != null) opened.demanded.set(false);
    }

    private final class JettyPeer implements Peer {
        private final Session session;
        private final AtomicBoolean demanded = new AtomicBoolean();

        JettyPeer(Session session) {
            this.session = session;
        }

        @Override
        public void send(String text, Sent sent) {
            session.sendText(text, Callback.from(sent::succeeded, sent::failed));
        }

        @Override
        public void demand() {
            if (session.isOpen() && demanded.compareAndSet(false, true)) session.demand();
        }

        @Override
        public void ping() {
            session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        }

        @Override
        public void close(int code, String reason) {
            session.close(code, reason, Callback.NOOP);
            var _ = sockets.timer().after(FAREWELL, session::disconnect);
        }
    }
}
