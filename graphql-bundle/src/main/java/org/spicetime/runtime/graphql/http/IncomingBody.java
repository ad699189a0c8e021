// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.graphql.json.BodyTooLargeException;
import org.spicetime.runtime.graphql.json.BoundedBody;

/**
 * The body of a request, read as it comes. What has arrived with the head is taken at once; a
 * client that sends slowly, or stops half-way, holds no thread while the host waits for the rest.
 * Called by one thread at a time.
 */
final class IncomingBody implements ReadListener, AsyncListener {
    /** Answers the request of a body, and completes it if it is asynchronous by then. */
    interface Taker {
        /** The whole body is there. */
        void take(byte[] body) throws IOException;

        /** It is larger than allowed; an asynchronous request stays open for what still comes. */
        void tooLarge(BodyTooLargeException e) throws IOException;

        /** It did not come in time. */
        void overdue() throws IOException;

        /** It cannot be read. */
        void broken() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(IncomingBody.class);

    private final ServletInputStream stream;
    private final BoundedBody body;
    private final Taker taker;
    private @Nullable AsyncContext async;
    private @Nullable LingeringClose rest;
    private boolean answered;

    private IncomingBody(ServletInputStream stream, BoundedBody body, Taker taker) {
        this.stream = stream;
        this.body = body;
        this.taker = taker;
    }

    /** Gives the body to the taker, by this thread if it is there already. */
    static void read(
            HttpServletRequest request,
            HttpServletResponse response,
            int limitBytes,
            Duration patience,
            Taker taker)
            throws IOException {
        ServletInputStream stream = request.getInputStream();
        long announced = request.getContentLengthLong();
        IncomingBody incoming;
        try {
            incoming = new IncomingBody(stream, new BoundedBody(announced, limitBytes), taker);
        } catch (BodyTooLargeException e) {
            taker.tooLarge(e);
            return;
        }
        boolean arrived;
        try {
            arrived = incoming.arrived(announced);
        } catch (IOException e) {
            LOG.debug("a body could not be read", e);
            taker.broken();
            return;
        }
        if (arrived) {
            taker.take(incoming.body.bytes());
            return;
        }
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(patience.toMillis());
        async.addListener(incoming);
        incoming.async = async;
        stream.setReadListener(incoming);
    }

    private boolean arrived(long announced) throws IOException {
        if (announced < 0) return false;
        try {
            while (body.length() < announced && stream.available() > 0) {
                if (!body.readFrom(stream)) break;
            }
        } catch (BodyTooLargeException e) {
            throw new IllegalStateException("more than its length was read", e);
        }
        return body.length() == announced;
    }

    @Override
    public void onDataAvailable() throws IOException {
        try {
            while (!answered && stream.isReady()) {
                if (!body.readFrom(stream)) return;
            }
        } catch (BodyTooLargeException e) {
            answered = true;
            taker.tooLarge(e);
            rest = new LingeringClose(Objects.requireNonNull(async), stream);
        }
        if (rest != null) rest.onDataAvailable();
    }

    @Override
    public void onAllDataRead() throws IOException {
        if (rest != null) {
            rest.onAllDataRead();
        } else if (!answered) {
            answered = true;
            taker.take(body.bytes());
        }
    }

    @Override
    public void onError(Throwable lost) {
        if (rest != null) {
            rest.onError(lost);
            return;
        }
        LOG.debug("a body could not be read", lost);
        if (answered) return;
        answered = true;
        try {
            taker.broken();
        } catch (IOException e) {
            LOG.debug("the client is gone", e);
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        if (rest != null) {
            rest.onTimeout(event);
        } else if (!answered) {
            answered = true;
            taker.overdue();
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        answered = true;
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
