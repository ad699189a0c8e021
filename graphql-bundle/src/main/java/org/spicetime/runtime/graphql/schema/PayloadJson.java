// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.graphql.json.JsonReader;
import org.spicetime.runtime.graphql.json.JsonWriter;
import org.spicetime.runtime.graphql.json.MalformedJsonException;

/** Payloads and results as JSON values and back. Thread-safe. */
final class PayloadJson {
    private PayloadJson() {}

    /** What a payload holds; one that is not JSON is a Base64 string. */
    static @Nullable Object read(@Nullable Payload payload) {
        if (payload == null) return null;
        byte[] bytes = payload.bytes();
        if (payload.isJson()) {
            try {
                Object value = JsonReader.read(bytes);
                if (expressible(value)) return value;
            } catch (MalformedJsonException notJson) {
                return Base64.getEncoder().encodeToString(bytes);
            }
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    // The reader tells a number that no Double can hold by an infinite one.
    private static boolean expressible(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> members -> members.values().stream().allMatch(PayloadJson::expressible);
            case List<?> items -> items.stream().allMatch(PayloadJson::expressible);
            case Double number -> Double.isFinite(number);
            case BigDecimal number -> true;
            case null, default -> true;
        };
    }

    /** What a JSON text of the host itself holds. */
    static @Nullable Object parse(String text) {
        try {
            return JsonReader.read(text);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the host made a malformed JSON text", e);
        }
    }

    /** A JSON value as a payload; null stays none. */
    static @Nullable Payload write(@Nullable Object json) {
        return json == null ? null : new Payload(JsonWriter.bytes(json), Payload.JSON);
    }

    /** The beginning of a foreign text, for messages. */
    static String excerpt(String text) {
        String cut = text.length() <= 64 ? text : text.substring(0, 64) + "...";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
