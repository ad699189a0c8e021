// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.graphql;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** One stream of server-sent events. Its owner writes to it from one thread at a time. */
final class EventResponse {
    private final AsyncContext async;

    EventResponse(HttpServletRequest request, HttpServletResponse response) {
        response.setContentType("text/event-stream;charset=utf-8");
        async = request.startAsync();
        async.setTimeout(0);
    }

    /** Sends an event; false: the reader has gone. */
    boolean send(byte[] event) {
        try {
            var out = async.getResponse().getOutputStream();
            out.write(event);
            out.flush();
            return true;
        } catch (IOException gone) {
            async.complete();
            return false;
        }
    }
}
