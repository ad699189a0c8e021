// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;

/**
 * An HTTP request of a task. Immutable.
 *
 * @param method e.g. {@code GET}
 * @param uri absolute, {@code http} or {@code https}
 * @param headers sent as given
 * @param body sent with its content type; null: none
 * @param maxResponseBytes longest response body accepted, 1 to 256 MiB
 */
public record HttpCall(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable Payload body,
        int maxResponseBytes) {
    /** Longest response body that can be asked for. */
    public static final int MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

    public HttpCall {
        if (!method.matches("[A-Z]{1,16}"))
            throw new IllegalArgumentException(
                    "method must be 1 .. 16 capital letters, was \"" + method + "\"");
        Objects.requireNonNull(uri, "uri");
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme)))
            throw new IllegalArgumentException(
                    "uri must be an absolute http or https address, was \"" + uri + "\"");
        headers = Map.copyOf(headers);
        if (maxResponseBytes < 1 || maxResponseBytes > MAX_RESPONSE_BYTES)
            throw new IllegalArgumentException(
                    "maxResponseBytes must be 1 .. "
                            + MAX_RESPONSE_BYTES
                            + ", was "
                            + maxResponseBytes);
    }
}
