// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpReply;

/**
 * Collects the answer to one request. Told by a thread of the client, read by the caller once
 * {@link #await} said that it is over.
 */
final class Attempt
        implements Request.BeginListener,
                Response.HeadersListener,
                Response.AsyncContentListener,
                Response.CompleteListener {

    /** A compressed body may be this much longer than its content. */
    private static final int GZIP_OVERHEAD = 1024;

    private static final String BINARY = "application/octet-stream";

    private final int maxBytes;
    private final Throttle throttle;
    private final Scheduler scheduler;
    private final Runnable atEnd;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /* Length of the body by its headers; read and written by one thread at a time. */
    private long told = -1;

    private volatile long began;
    private volatile long ended;
    private volatile @Nullable Result result;

    Attempt(int maxBytes, Throttle throttle, Scheduler scheduler, Runnable atEnd) {
        this.maxBytes = maxBytes;
        this.throttle = throttle;
        this.scheduler = scheduler;
        this.atEnd = atEnd;
    }

    /** A connection is there and the request goes out. */
    @Override
    public void onBegin(Request request) {
        began = System.nanoTime();
    }

    @Override
    public void onHeaders(Response response) {
        told = response.getHeaders().getLongField("Content-Length");
        if (told > limit(response)) {
            refuse(response);
        }
    }

    @Override
    public void onContent(Response response, Content.Chunk chunk, Runnable more) {
        ByteBuffer content = chunk.getByteBuffer();
        if (body.size() + content.remaining() > limit(response)) {
            refuse(response);
            return;
        }
        byte[] piece = new byte[content.remaining()];
        content.get(piece);
        body.writeBytes(piece);
        if (chunk.isLast() || body.size() == told) {
            more.run();
        } else {
            throttle.whenReady(scheduler, more);
        }
    }

    /** A body that goes out no faster than the domain may. */
    Request.Content paced(byte[] bytes, String contentType) {
        return new PacedBody(bytes, contentType, throttle, scheduler);
    }

    /* The end is told to this listener. */
    private static void refuse(Response response) {
        var _ = response.abort(new TooLargeException());
    }

    private long limit(Response response) {
        return isGzip(response) ? (long) maxBytes + GZIP_OVERHEAD : maxBytes;
    }

    @Override
    public void onComplete(Result end) {
        ended = System.nanoTime();
        result = end;
        atEnd.run();
        over.countDown();
    }

    /** Waits for the end; false: it is not over yet. */
    boolean await(long nanos) throws InterruptedException {
        return over.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Whether a connection was there. */
    boolean begun() {
        return began != 0;
    }

    /** From sending until the whole answer was there, or it failed. */
    long roundTripNanos() {
        return Math.max(0, ended - began);
    }

    /** Why it failed; null: it did not. */
    @Nullable Throwable failure() {
        Result end = result;
        return end == null ? null : end.getFailure();
    }

    /** The answer, its body decoded. */
    HttpReply reply() throws TooLargeException, IOException {
        Result end = result;
        if (end == null) {
            throw new IllegalStateException("the answer is not there yet");
        }
        Response response = end.getResponse();
        boolean gzip = isGzip(response) && body.size() > 0;
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : response.getHeaders()) {
            String name = field.getName().toLowerCase(Locale.ROOT);
            if (!gzip || !name.equals("content-encoding") && !name.equals("content-length")) {
                headers.computeIfAbsent(name, none -> new ArrayList<>())
                        .add(field.getValue() == null ? "" : field.getValue());
            }
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return new HttpReply(
                response.getStatus(),
                headers,
                payload(gzip ? unzipped() : body.toByteArray(), headers),
                Duration.ofNanos(roundTripNanos()));
    }

    private byte[] unzipped() throws TooLargeException, IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(body.toByteArray()))) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new TooLargeException();
            }
            return bytes;
        }
    }

    private static Payload payload(byte[] bytes, Map<String, List<String>> headers) {
        List<String> types = headers.getOrDefault("content-type", List.of(BINARY));
        try {
            return new Payload(bytes, types.getFirst());
        } catch (IllegalArgumentException notAMediaType) {
            return new Payload(bytes, BINARY);
        }
    }

    private static boolean isGzip(Response response) {
        String encoding = response.getHeaders().get("Content-Encoding");
        return "gzip".equalsIgnoreCase(encoding) || "x-gzip".equalsIgnoreCase(encoding);
    }

    /** The answer is longer than the caller takes. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("answer too large");
        }
    }
}
