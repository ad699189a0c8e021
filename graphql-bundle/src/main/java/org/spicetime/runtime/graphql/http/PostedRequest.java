// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.spicetime.runtime.graphql.json.BodyTooLargeException;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.MalformedJsonException;
import org.spicetime.runtime.graphql.transport.InvalidParametersException;
import org.spicetime.runtime.graphql.transport.RequestParameters;

/**
 * A request whose body is on its way.
 *
 * <p>Called by one thread at a time.
 */
record PostedRequest(
        Answerer answerer,
        ResponseType type,
        String id,
        HttpServletRequest request,
        HttpServletResponse response)
        implements IncomingBody.Taker {
    static final int BODY_BYTES = 256 * 1024;

    /** Answers a request that could be read. */
    interface Answerer {
        void answer(RequestParameters parameters) throws IOException;
    }

    /** Reads the body, and has it answered; refuses what is not JSON. */
    void read(Duration patience) throws IOException, HttpRefusal {
        if (!isJson(request)) {
            throw new HttpRefusal(
                    Refusals.badInput(
                            415, "Send the request as application/json in UTF-8.", type, id));
        }
        IncomingBody.read(request, response, BODY_BYTES, patience, this);
    }

    /** Sends a refusal, whatever was read of the request. */
    static void refuse(Reply reply, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!http1(request) || !unread(request)) {
            Exchange.send(reply, request, response);
        } else {
            LingeringClose.send(reply.with("Connection", "close"), request, response);
        }
    }

    // The server closes a connection whose request it did not read to the end, so the client must
    // be told: it would send its next request into a closing connection.
    private static boolean unread(HttpServletRequest request) throws IOException {
        boolean hasBody =
                request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null;
        return hasBody && !request.getInputStream().isFinished();
    }

    private static boolean http1(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1");
    }

    private static boolean isJson(HttpServletRequest request) {
        String contentType = request.getContentType();
        if (contentType == null || request.getHeader("Content-Encoding") != null) return false;
        if (contentType.equals("application/json")) return true;
        List<MediaRange> types = MediaRange.parse(contentType);
        return types.size() == 1 && types.getFirst().fits("application", "json") == 3;
    }

    @Override
    public void take(byte[] body) throws IOException {
        RequestParameters parameters;
        try {
            parameters = RequestParameters.of(JsonReader.read(body));
        } catch (MalformedJsonException | InvalidParametersException e) {
            refuse(Refusals.badInput(400, text(e), type, id), request, response);
            return;
        }
        answerer.answer(parameters);
    }

    @Override
    public void tooLarge(BodyTooLargeException e) throws IOException {
        Reply reply = Refusals.badInput(413, text(e), type, id);
        if (request.isAsyncStarted()) {
            reply.with("Connection", "close").send(response);
            response.flushBuffer();
        } else {
            refuse(reply, request, response);
        }
    }

    @Override
    public void overdue() throws IOException {
        String told = "The body did not come in time; send it at once.";
        last(Refusals.badInput(408, told, type, id));
    }

    // Jetty reports a broken transfer encoding as one, a lost connection as the other.
    @Override
    public void broken() throws IOException {
        last(Refusals.badInput(400, "The body could not be read.", type, id));
    }

    private void last(Reply reply) throws IOException {
        Exchange.send(reply.with("Connection", "close"), request, response);
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
