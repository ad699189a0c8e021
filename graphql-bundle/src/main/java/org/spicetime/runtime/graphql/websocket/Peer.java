// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

/** The other end of a socket, as the protocol sees it. Thread-safe; no method waits. */
interface Peer {

    /** Told once when a text has left, or never will. */
    interface Sent {
        void succeeded();

        void failed(Throwable cause);
    }

    /** Sends a text. The protocol sends the next one only after the end of this one. */
    void send(String text, Sent sent);

    /** Asks for one more message. */
    void demand();

    /** Keeps the connection from looking idle. */
    void ping();

    /** Closes the socket; a peer that does not answer is cut off shortly after. */
    void close(int code, String reason);
}
