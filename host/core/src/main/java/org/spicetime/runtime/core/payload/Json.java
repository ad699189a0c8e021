// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * JSON text to and from plain values: maps in order, lists, texts, booleans, null, and numbers as
 * {@link Long}, {@link BigInteger} or {@link BigDecimal}. What is read may be hostile: nesting,
 * length of numbers, and exponents are bounded, and a member that occurs twice is refused.
 * Thread-safe.
 */
public final class Json {

    /** Deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;

    private static final int MAX_NUMBER_LENGTH = 128;
    private static final int MAX_SCALE = 1000;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                    .build())
                    .build();

    private Json() {}

    /**
     * Reads one value.
     *
     * @param bytes JSON text
     * @param field what the value is, for refusals
     * @return the value
     * @throws RefusedException BAD_USER_INPUT if it is not JSON, or not within the bounds
     */
    public static @Nullable Object read(byte[] bytes, String field) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw RefusedException.badInput(field, "must be JSON, was empty");
            }
            Object value = value(parser, first, field);
            if (parser.nextToken() != null) {
                throw RefusedException.badInput(field, "must be one JSON value, more follows it");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw malformed(field, malformed);
        } catch (IOException cutShort) {
            throw RefusedException.badInput(
                    field, "is not JSON: " + Shown.of(cutShort.getMessage()));
        }
    }

    private static RefusedException malformed(String field, JsonProcessingException malformed) {
        var at = malformed.getLocation();
        return RefusedException.badInput(
                field,
                "is not JSON: "
                        + Shown.sentence(malformed.getOriginalMessage())
                        + (at == null
                                ? ""
                                : " (line %d, column %d)"
                                        .formatted(at.getLineNr(), at.getColumnNr())));
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token, String path)
            throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? parser.getBigIntegerValue()
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser, path);
            default -> throw RefusedException.badInput(path, "is not JSON: unexpected " + token);
        };
    }

    private static BigDecimal decimal(JsonParser parser, String path) throws IOException {
        BigDecimal number = parser.getDecimalValue();
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
            throw RefusedException.outOfRange(
                    path, Shown.of(parser.getText()), "a number with an exponent up to 1000");
        }
        return number;
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, String path)
            throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_OBJECT;
                token = parser.nextToken()) {
            String name = parser.currentName();
            String member = path + "." + Shown.of(name);
            if (members.containsKey(name)) {
                throw RefusedException.badInput(member, "occurs twice");
            }
            members.put(name, value(parser, parser.nextToken(), member));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser, String path) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            elements.add(value(parser, token, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    /**
     * Writes a value this class could have read, as UTF-8.
     *
     * @throws IOException if the sink fails, or a text is not Unicode
     */
    static void write(@Nullable Object value, OutputStream sink) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(sink)) {
            write(value, generator);
        }
    }

    /** The text of a value this class could have read. */
    public static String text(@Nullable Object value) {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try {
            write(value, sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sink.toString(StandardCharsets.UTF_8);
    }

    private static void write(@Nullable Object value, JsonGenerator to) throws IOException {
        switch (value) {
            case null -> to.writeNull();
            case String text -> to.writeString(text);
            case Boolean flag -> to.writeBoolean(flag);
            case Long number -> to.writeNumber(number);
            case Integer number -> to.writeNumber(number);
            case BigInteger number -> to.writeNumber(number);
            case BigDecimal number -> to.writeNumber(number);
            case Double number when Double.isFinite(number) -> to.writeNumber(number);
            case Float number when Float.isFinite(number) -> to.writeNumber(number);
            case Map<?, ?> members -> {
                to.writeStartObject();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    to.writeFieldName(String.valueOf(member.getKey()));
                    write(member.getValue(), to);
                }
                to.writeEndObject();
            }
            case Iterable<?> elements -> {
                to.writeStartArray();
                for (Object element : elements) {
                    write(element, to);
                }
                to.writeEndArray();
            }
            default -> throw new IOException("JSON has no " + value.getClass().getSimpleName());
        }
    }
}
