// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpCall;

/** Makes requests of calls: checks their headers, compresses their bodies. Thread-safe. */
final class Requests {
    /** A shorter body is not worth it. */
    private static final int SHORTEST_COMPRESSED = 1024;

    private static final String CONTENT_ENCODING = "content-encoding";

    private static final Set<String> OWN_HEADERS =
            Set.of("content-length", "transfer-encoding", "connection", "upgrade", "expect");

    private Requests() {}

    /**
     * The request of a call.
     *
     * @param compression whether bodies are compressed and compressed answers asked for
     * @param content makes the body of bytes and their content type
     * @throws IllegalArgumentException if a header is malformed or the host's own
     */
    static Request of(
            HttpCall call,
            HttpClient client,
            boolean compression,
            BiFunction<byte[], String, Request.Content> content) {
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            checkHeader(header.getKey(), header.getValue());
        }
        Payload body = call.body();
        byte[] plain = body == null ? new byte[0] : body.bytes();
        byte[] packed = compression && compressible(call, plain) ? gzip(plain) : plain;
        boolean smaller = packed.length < plain.length;
        Request request =
                client.newRequest(call.uri())
                        .method(call.method())
                        .idleTimeout(0, TimeUnit.MILLISECONDS)
                        .headers(headers -> {
                            if (compression) {
                                headers.put("Accept-Encoding", "gzip");
                            }
                            if (smaller) {
                                headers.put("Content-Encoding", "gzip");
                            }
                            call.headers().forEach(headers::put);
                        });
        return body == null
                ? request
                : request.body(content.apply(smaller ? packed : plain, body.contentType()));
    }

    private static boolean compressible(HttpCall call, byte[] body) {
        return body.length >= SHORTEST_COMPRESSED
                && call.headers().keySet().stream().noneMatch(CONTENT_ENCODING::equalsIgnoreCase);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static void checkHeader(String name, String value) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")) {
            throw new IllegalArgumentException(
                    "header names are tokens, one was \"" + shown(name) + '"');
        }
        if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header " + name + " is set by the host alone");
        }
        if (value.length() > 8192
                || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
            throw new IllegalArgumentException(
                    "the value of header "
                            + name
                            + " must have up to 8192 characters and no control characters");
        }
    }

    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 64 ? clean.substring(0, 64) + "..." : clean;
    }
}
