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
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads on for a while after a refusal that left the body unread. A connection closed with unread
 * bytes is reset, and a reset can reach the client before it has read the answer; see RFC 9112,
 * section 9.6. Bounded in bytes and time, and needs no thread while it waits. Called by one thread
 * at a time.
 */
final class LingeringClose implements ReadListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(LingeringClose.class);
    private static final int MOST_BYTES = 16 << 20;
    private static final long MOST_MILLIS = 2_000;

    private final AsyncContext async;
    private final ServletInputStream body;
    private final AtomicBoolean over = new AtomicBoolean();
    private final byte[] dropped = new byte[16 << 10];
    private long droppedBytes;

    LingeringClose(AsyncContext async, ServletInputStream body) {
        this.async = async;
        this.body = body;
    }

    /** Sends the answer, then reads on. */
    static void send(Reply reply, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        reply.send(response);
        response.flushBuffer();
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(MOST_MILLIS);
        LingeringClose lingering = new LingeringClose(async, request.getInputStream());
        async.addListener(lingering);
        lingering.body.setReadListener(lingering);
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!over.get() && body.isReady()) {
            int count = body.read(dropped);
            if (count < 0) return;
            droppedBytes += count;
            if (droppedBytes >= MOST_BYTES) {
                end();
                return;
            }
        }
    }

    @Override
    public void onAllDataRead() {
        end();
    }

    @Override
    public void onError(Throwable lost) {
        LOG.debug("the client of a refused request is gone", lost);
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        over.set(true);
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}

    private void end() {
        if (over.compareAndSet(false, true)) async.complete();
    }
}
