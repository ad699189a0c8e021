// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of members that are written often, encoded once. Immutable. */
public final class JsonNames {
    public static final JsonNames NONE = new JsonNames(Map.of());

    private final Map<String, SerializableString> encoded;

    private JsonNames(Map<String, SerializableString> encoded) {
        this.encoded = encoded;
    }

    /** The names, none of which has a lone surrogate. */
    public static JsonNames of(Collection<String> names) {
        Map<String, SerializableString> encoded = new HashMap<>();
        for (String name : names) {
            SerializedString text = new SerializedString(name);
            text.asQuotedUTF8();
            encoded.put(name, text);
        }
        return new JsonNames(Map.copyOf(encoded));
    }

    @Nullable SerializableString get(Object name) {
        return name instanceof String text ? encoded.get(text) : null;
    }
}
