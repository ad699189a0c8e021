// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.engine.Answer;
import org.spicetime.runtime.graphql.json.JsonWriter;

/**
 * Server-sent events named {@code next} and {@code complete}; the id of an event is the cursor
 * after which a subscription can be resumed. Immutable.
 *
 * @param operationId tells the operations of one stream apart; null: it has only one
 */
record EventFraming(@Nullable String operationId) implements Framing {
    /** A comment, which readers skip. */
    static final byte[] COMMENT = ascii(":\n\n");

    @Override
    public byte[] next(Answer response) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        String cursor = response.cursor();
        if (cursor != null) out.writeBytes(ascii("id: " + cursor + "\n"));
        out.writeBytes(ascii("event: next\ndata: "));
        try {
            if (operationId == null) {
                response.writeTo(out);
            } else {
                out.writeBytes(ascii("{\"id\":"));
                out.writeBytes(JsonWriter.bytes(operationId));
                out.writeBytes(ascii(",\"payload\":"));
                response.writeTo(out);
                out.write('}');
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        out.writeBytes(ascii("\n\n"));
        return out.toByteArray();
    }

    @Override
    public byte[] complete() {
        if (operationId == null) return ascii("event: complete\ndata:\n\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.writeBytes(ascii("event: complete\ndata: "));
        out.writeBytes(JsonWriter.bytes(Map.of("id", operationId)));
        out.writeBytes(ascii("\n\n"));
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
