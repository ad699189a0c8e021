// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of members that are written often, encoded once with the colon. Immutable. */
public final class JsonNames {
    public static final JsonNames NONE = new JsonNames(Map.of());

    private final Map<String, byte[]> encoded;

    private JsonNames(Map<String, byte[]> encoded) {
        this.encoded = encoded;
    }

    /** The names as they are written. */
    public static JsonNames of(Collection<String> names) {
        Map<String, byte[]> encoded = new HashMap<>();
        for (String name : names) {
            JsonBytes member = new JsonBytes();
            member.string(name);
            member.mark(':');
            encoded.put(name, member.toByteArray());
        }
        return new JsonNames(encoded);
    }

    byte @Nullable [] get(String name) {
        return encoded.get(name);
    }
}
