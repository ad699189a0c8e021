// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

/** A request that gets its answer before it reaches the engine. */
final class HttpRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    HttpRefusal(Reply reply) {
        super("HTTP status " + reply.status());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
