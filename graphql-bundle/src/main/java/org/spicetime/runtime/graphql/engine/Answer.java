// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.json.JsonWriter;

/**
 * A response to be sent: an object in the shape of the GraphQL specification ({@code data}, {@code
 * errors}, {@code extensions}). Immutable, so that one can be sent to many.
 *
 * <p>Its forms as text and bytes are strict JSON. A leaf without a JSON form, as a Double that is
 * not finite, is an IllegalArgumentException of {@link #text} and {@link #writeTo}; it may come
 * after some bytes were written, so that a transport collects them before it tells a status.
 */
public interface Answer {

    /**
     * The response as a map. Its leaves are String, Boolean, Integer, Long, BigInteger, Double,
     * BigDecimal (only inside a JSON value) or null, its nodes List and Map.
     */
    Map<String, @Nullable Object> map();

    /** The response as JSON. */
    default String text() {
        return JsonWriter.text(map());
    }

    /** The response as JSON in UTF-8; it may be shared, so that it must not be changed. */
    default byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** A short hash of {@link #bytes}, where it is known without making them. */
    default @Nullable String tag() {
        return null;
    }

    /**
     * What a reader of a subscription that breaks off after this response gives back to go on
     * there, in visible ASCII; null: it cannot be resumed after it.
     */
    default @Nullable String cursor() {
        return null;
    }

    /** Writes the response as JSON in UTF-8; the stream stays open. */
    default void writeTo(OutputStream out) throws IOException {
        JsonWriter.write(map(), out);
    }

    /** An answer over a map, which must not change. */
    static Answer of(Map<String, @Nullable Object> response) {
        return () -> response;
    }
}
