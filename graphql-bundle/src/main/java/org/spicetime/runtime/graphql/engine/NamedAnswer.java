// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.json.JsonNames;
import org.spicetime.runtime.graphql.json.JsonWriter;

/**
 * An answer that is written with the names of its document, which are encoded once. Immutable.
 *
 * @param map must not change
 */
record NamedAnswer(Map<String, @Nullable Object> map, JsonNames names) implements Answer {
    @Override
    public String text() {
        return JsonWriter.text(map, names);
    }

    @Override
    public byte[] bytes() {
        return JsonWriter.bytes(map, names);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        JsonWriter.write(map, names, out);
    }
}
