// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.json.JsonWriter;
import org.spicetime.runtime.graphql.transport.ErrorEntry;

/**
 * One HTTP answer before it is sent: status, headers, body. Immutable.
 *
 * @param status of HTTP
 * @param contentType with charset; null without a body
 * @param headers further headers
 * @param body empty if none
 */
@SuppressWarnings("ArrayRecordComponent") // written once, to one response
record Reply(int status, @Nullable String contentType, Map<String, String> headers, byte[] body) {

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, ResponseType type, Map<String, ?> response) {
        return new Reply(status, type.contentType(), Map.of(), JsonWriter.bytes(response));
    }

    static Reply answer(ResponseType type, Answer answer) {
        return new Reply(200, type.contentType(), Map.of(), answer.bytes());
    }

    static Reply refusal(int status, ResponseType type, ErrorEntry error) {
        return json(status, type, error.asRefusal());
    }

    static Reply empty(int status) {
        return new Reply(status, null, Map.of(), new byte[0]);
    }

    static Reply bytes(String contentType, byte[] body) {
        return new Reply(200, contentType, Map.of(), body);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, contentType, more, body);
    }

    /**
     * The answer to GET: a weak entity tag over the body, and 304 where the client has it.
     *
     * @param hash of the body; null: not known yet
     */
    Reply cacheable(HttpServletRequest request, @Nullable String hash) {
        if (status != 200) return this;
        String tag = "W/\"" + (hash == null ? hash(body) : hash) + "\"";
        Reply tagged = with("ETag", tag).with("Cache-Control", "private, no-cache");
        String known = request.getHeader("If-None-Match");
        boolean same =
                known != null
                        && Arrays.stream(known.split(","))
                                .map(String::strip)
                                .anyMatch(entry ->
                                        entry.equals("*") || weak(entry).equals(weak(tag)));
        return same ? new Reply(304, null, tagged.headers, new byte[0]) : tagged;
    }

    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        if (contentType != null) response.setContentType(contentType);
        if (status != 304 && status != 204) response.setContentLength(body.length);
        if (body.length > 0) response.getOutputStream().write(body);
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static String hash(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
