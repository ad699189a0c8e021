// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * A media type of responses that stay open. Immutable.
 *
 * @param contentType as it is sent
 * @param opening what makes the head leave at once
 * @param heartbeat what readers skip
 */
@SuppressWarnings("ArrayRecordComponent") // never changed
record Form(String contentType, byte[] opening, byte[] heartbeat) {
    static final Form EVENTS =
            new Form("text/event-stream;charset=utf-8", EventFraming.COMMENT, EventFraming.COMMENT);
    static final Form PARTS =
            new Form(
                    "multipart/mixed;boundary=\""
                            + PartFraming.BOUNDARY
                            + "\";subscriptionSpec=1.0",
                    PartFraming.OPENING,
                    PartFraming.HEARTBEAT);

    /** Sets the head, and makes the request asynchronous without end, if it is not yet. */
    AsyncContext begin(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(200);
        response.setContentType(contentType);
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext async =
                request.isAsyncStarted()
                        ? request.getAsyncContext()
                        : request.startAsync(request, response);
        async.setTimeout(0);
        return async;
    }
}
