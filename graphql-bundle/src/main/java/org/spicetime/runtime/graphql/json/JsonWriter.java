// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists and plain values as JSON. A lone surrogate, which UTF-8 cannot hold, becomes
 * U+FFFD; a Double that is not finite has no JSON form and is an error of the caller. Thread-safe.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();

    private JsonWriter() {}

    /** The value as UTF-8 bytes. */
    public static byte[] bytes(@Nullable Object value) {
        return bytes(value, JsonNames.NONE);
    }

    /** The value as UTF-8 bytes, with names that are encoded already. */
    public static byte[] bytes(@Nullable Object value, JsonNames names) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(1024)) {
            write(value, names, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /** The value as text. */
    public static String text(@Nullable Object value) {
        return text(value, JsonNames.NONE);
    }

    /** The value as text, with names that are encoded already. */
    public static String text(@Nullable Object value, JsonNames names) {
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            value(json, value, names);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toString();
    }

    /** Writes the value as UTF-8; the stream stays open. */
    public static void write(@Nullable Object value, OutputStream out) throws IOException {
        write(value, JsonNames.NONE, out);
    }

    /** Writes the value as UTF-8, with names that are encoded already; the stream stays open. */
    public static void write(@Nullable Object value, JsonNames names, OutputStream out)
            throws IOException {
        JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8);
        value(json, value, names);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.close();
    }

    private static void value(JsonGenerator json, @Nullable Object value, JsonNames names)
            throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    SerializableString name = names.get(entry.getKey());
                    if (name != null) json.writeFieldName(name);
                    else json.writeFieldName(whole(String.valueOf(entry.getKey())));
                    value(json, entry.getValue(), names);
                }
                json.writeEndObject();
            }
            case Iterable<?> items -> {
                json.writeStartArray();
                for (Object item : items) value(json, item, names);
                json.writeEndArray();
            }
            case JsonText written -> json.writeRawValue(written.text());
            case String text -> json.writeString(whole(text));
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> {
                if (!Double.isFinite(number)) {
                    throw new IllegalArgumentException("no JSON form of the number " + number);
                }
                json.writeNumber(number);
            }
            case BigInteger number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            default ->
                    throw new IllegalArgumentException(
                            "no JSON form of a value of " + value.getClass());
        }
    }

    private static String whole(String text) {
        int i = 0;
        while (i < text.length() && !Character.isSurrogate(text.charAt(i))) i++;
        if (i == text.length()) return text;
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
