// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A request body handed out in pieces, each when the bandwidth of the domain allows it. Called by
 * one thread of the client at a time.
 */
final class PacedBody implements Request.Content {
    private static final int PIECE_BYTES = 16 * 1024;

    private final byte[] bytes;
    private final String contentType;
    private final Throttle throttle;
    private final Scheduler scheduler;
    private int at;
    private @Nullable Throwable failure;

    PacedBody(byte[] bytes, String contentType, Throttle throttle, Scheduler scheduler) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.throttle = throttle;
        this.scheduler = scheduler;
    }

    @Override
    public long getLength() {
        return bytes.length;
    }

    @Override
    public String getContentType() {
        return contentType;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Throwable failed = failure;
        if (failed != null) {
            return Content.Chunk.from(failed);
        }
        if (at == bytes.length) {
            return Content.Chunk.EOF;
        }
        if (throttle.delayNanos() > 0) {
            return null;
        }
        int size = Math.min(PIECE_BYTES, bytes.length - at);
        ByteBuffer piece = ByteBuffer.wrap(bytes, at, size).slice();
        at += size;
        return Content.Chunk.from(piece, at == bytes.length);
    }

    @Override
    public void demand(Runnable readable) {
        throttle.whenReady(scheduler, readable);
    }

    @Override
    public void fail(Throwable why) {
        failure = why;
    }
}
