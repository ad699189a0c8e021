// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists and plain values as JSON. A lone surrogate, which UTF-8 cannot hold, becomes
 * U+FFFD; a Double that is not finite has no JSON form and is an error of the caller. Thread-safe.
 */
public final class JsonWriter {
    private JsonWriter() {}

    /** The value as UTF-8 bytes. */
    public static byte[] bytes(@Nullable Object value) {
        return bytes(value, JsonNames.NONE);
    }

    /** The value as UTF-8 bytes, with names that are encoded already. */
    public static byte[] bytes(@Nullable Object value, JsonNames names) {
        JsonBytes out = new JsonBytes();
        value(out, value, names);
        return out.toByteArray();
    }

    /** The value as text. */
    public static String text(@Nullable Object value) {
        return text(value, JsonNames.NONE);
    }

    /** The value as text, with names that are encoded already. */
    public static String text(@Nullable Object value, JsonNames names) {
        return new String(bytes(value, names), StandardCharsets.UTF_8);
    }

    /** Writes the value as UTF-8; the stream stays open. */
    public static void write(@Nullable Object value, OutputStream out) throws IOException {
        write(value, JsonNames.NONE, out);
    }

    /** Writes the value as UTF-8, with names that are encoded already; the stream stays open. */
    public static void write(@Nullable Object value, JsonNames names, OutputStream out)
            throws IOException {
        out.write(bytes(value, names));
    }

    private static void value(JsonBytes out, @Nullable Object value, JsonNames names) {
        switch (value) {
            case null -> out.ascii("null");
            case String text -> out.string(text);
            case JsonObject object -> object(out, object, names);
            case Map<?, ?> map -> object(out, map, names);
            case Iterable<?> items -> array(out, items, names);
            case JsonText written -> out.raw(written.text().getBytes(StandardCharsets.UTF_8));
            case Boolean flag -> out.ascii(flag.toString());
            case Integer number -> out.ascii(number.toString());
            case Long number -> out.ascii(number.toString());
            case Double number -> {
                if (!Double.isFinite(number)) {
                    throw new IllegalArgumentException("no JSON form of the number " + number);
                }
                out.ascii(number.toString());
            }
            case BigInteger number -> out.ascii(number.toString());
            case BigDecimal number -> out.ascii(number.toString());
            default ->
                    throw new IllegalArgumentException(
                            "no JSON form of a value of " + value.getClass());
        }
    }

    private static void object(JsonBytes out, JsonObject object, JsonNames names) {
        out.mark('{');
        List<String> members = object.names();
        for (int i = 0; i < members.size(); i++) {
            member(out, members.get(i), object.value(i), names);
        }
        out.end(members.isEmpty(), '}');
    }

    private static void object(JsonBytes out, Map<?, ?> map, JsonNames names) {
        out.mark('{');
        boolean empty = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            member(out, String.valueOf(entry.getKey()), entry.getValue(), names);
            empty = false;
        }
        out.end(empty, '}');
    }

    private static void member(
            JsonBytes out, String name, @Nullable Object value, JsonNames names) {
        byte[] encoded = names.get(name);
        if (encoded != null) {
            out.raw(encoded);
        } else {
            out.string(name);
            out.mark(':');
        }
        value(out, value, names);
        out.mark(',');
    }

    private static void array(JsonBytes out, Iterable<?> items, JsonNames names) {
        out.mark('[');
        boolean empty = true;
        for (Object item : items) {
            value(out, item, names);
            out.mark(',');
            empty = false;
        }
        out.end(empty, ']');
    }
}
