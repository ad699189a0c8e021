// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.MalformedJsonException;

/**
 * An answer that is the same as long as the schema is, kept as the bytes that are sent. Immutable.
 */
final class KeptAnswer implements Answer {
    private final byte[] bytes;
    private final String tag;

    KeptAnswer(Answer answer) {
        this.bytes = answer.bytes();
        this.tag = Hashes.sha256(bytes).substring(0, 32);
    }

    @Override
    @SuppressWarnings("unchecked") // the names of a JSON object are strings
    public Map<String, @Nullable Object> map() {
        try {
            return (Map<String, @Nullable Object>) Objects.requireNonNull(JsonReader.read(bytes));
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("what was written cannot be read", e);
        }
    }

    @Override
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public String tag() {
        return tag;
    }

    /** What it holds, in bytes. */
    long size() {
        return 200L + bytes.length;
    }
}
