// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.nio.charset.StandardCharsets;

/** Why the host closes a socket: the codes of graphql-transport-ws, and two of RFC 6455. */
enum CloseCode {
    GOING_AWAY(1001, "The host stops"),
    TRY_AGAIN_LATER(1013, "Try again later"),
    BAD_REQUEST(4400, "Invalid message"),
    UNAUTHORIZED(4401, "Unauthorized"),
    FORBIDDEN(4403, "Forbidden"),
    SUBPROTOCOL_NOT_ACCEPTABLE(4406, "Subprotocol not acceptable"),
    INITIALISATION_TIMEOUT(4408, "Connection initialisation timeout"),
    SUBSCRIBER_EXISTS(4409, "Subscriber already exists"),
    TOO_MANY_INITIALISATIONS(4429, "Too many initialisation requests"),
    INTERNAL_SERVER_ERROR(4500, "Internal server error");

    private static final int REASON_BYTES = 123; // RFC 6455, section 5.5

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }

    /** The longest part of a reason that a close frame can hold. */
    static String shortened(String reason) {
        int bytes = 0;
        int end = 0;
        while (end < reason.length()) {
            int next = reason.offsetByCodePoints(end, 1);
            bytes += reason.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > REASON_BYTES) break;
            end = next;
        }
        return reason.substring(0, end);
    }
}
