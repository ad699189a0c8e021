// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.spicetime.runtime.graphql.engine.Outcome;

/**
 * Takes over the exchange of a client that accepts a media type of streams, once the engine has
 * been asked. Thread-safe.
 */
public interface StreamCarrier {
    /** Whether this outcome goes out as a stream; if not, it is answered as one JSON document. */
    boolean carries(Outcome outcome);

    /**
     * Answers the request, from its status on, and returns at once: what lasts runs asynchronously
     * and blocks no thread for a reader that is slow. The request may be asynchronous already, as
     * its body came slowly.
     *
     * @param outcome one that this {@link #carries}; a stream of it has no subscriber yet
     * @param requestId told in every error and in the log
     */
    void carry(
            Outcome outcome,
            String requestId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException;
}
