// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value of a text that must contain nothing else. Refused are: a byte order mark,
 * invalid UTF-8, lone surrogates, duplicate keys, more than {@value #DEPTH} levels, numbers of more
 * than {@value #NUMBER_CHARACTERS} characters, anything after the value.
 *
 * <p>Numbers without a fraction become Integer, Long or BigInteger, others BigDecimal; one whose
 * exponent no Double can hold becomes an infinite Double before any arithmetic is done with it, so
 * that the type it is meant for refuses it by name. Thread-safe.
 */
public final class JsonReader {
    private static final int DEPTH = 64;
    private static final int NUMBER_CHARACTERS = 400;
    private static final int LARGEST_EXPONENT = 400;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH)
                                    .maxNumberLength(NUMBER_CHARACTERS)
                                    .build())
                    .build();

    private JsonReader() {}

    /** The value that these UTF-8 bytes hold. */
    public static @Nullable Object read(byte[] utf8) throws MalformedJsonException {
        // The parser lets pass some of what is no UTF-8, and guesses other encodings.
        if (isPlain(utf8)) return read(() -> FACTORY.createParser(utf8));
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedJsonException("The text is not valid UTF-8.");
        }
        return read(text);
    }

    /** The value that this text holds. */
    public static @Nullable Object read(String text) throws MalformedJsonException {
        if (text.startsWith("\uFEFF")) {
            throw new MalformedJsonException("The text starts with a byte order mark.");
        }
        return read(() -> FACTORY.createParser(text));
    }

    /* ASCII without the NUL. Without an early end the loop is done for many bytes at a time. */
    private static boolean isPlain(byte[] bytes) {
        int seen = 0;
        for (byte one : bytes) seen |= one - 1;
        return seen >= 0;
    }

    private interface Opener {
        JsonParser open() throws IOException;
    }

    private static @Nullable Object read(Opener opener) throws MalformedJsonException {
        try (JsonParser parser = opener.open()) {
            if (parser.nextToken() == null) throw new MalformedJsonException("The text is empty.");
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw malformed(parser, "there is more after the first value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new MalformedJsonException(
                    "The JSON is nested more than %d levels deep, or has a number of more than %d characters."
                            .formatted(DEPTH, NUMBER_CHARACTERS));
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException(
                    "The text is not valid JSON at line %d, column %d."
                            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    // Depth is bounded by the parser, so recursion is.
    private static @Nullable Object value(JsonParser parser)
            throws IOException, MalformedJsonException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> text(parser, parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed(parser, "a value is missing");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser)
            throws IOException, MalformedJsonException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = text(parser, parser.currentName());
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser)
            throws IOException, MalformedJsonException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) items.add(value(parser));
        return items;
    }

    private static String text(JsonParser parser, String text) throws MalformedJsonException {
        int i = 0;
        while (i < text.length() && !isLone(text, i))
            i += Character.isSurrogate(text.charAt(i)) ? 2 : 1;
        if (i < text.length()) throw malformed(parser, "a surrogate has no partner");
        return text;
    }

    private static boolean isLone(String text, int index) {
        return Character.isSurrogate(text.charAt(index))
                && (index + 1 == text.length()
                        || !Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1)));
    }

    private static Number integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> parser.getIntValue();
            case LONG -> parser.getLongValue();
            default -> new BigInteger(parser.getText());
        };
    }

    private static Number decimal(JsonParser parser) throws IOException, MalformedJsonException {
        String text = parser.getText();
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (mark >= 0) {
            String exponent = text.substring(mark + 1);
            boolean negative = exponent.startsWith("-");
            String digits = exponent.replaceFirst("^[+-]?0*", "");
            if (digits.length() > 3
                    || (!digits.isEmpty() && Integer.parseInt(digits) > LARGEST_EXPONENT)) {
                if (negative) throw malformed(parser, "an exponent is below -" + LARGEST_EXPONENT);
                return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
        }
        return new BigDecimal(text);
    }

    private static MalformedJsonException malformed(JsonParser parser, String why) {
        return new MalformedJsonException(
                "The text is not valid JSON at line %d, column %d: %s."
                        .formatted(
                                parser.currentLocation().getLineNr(),
                                parser.currentLocation().getColumnNr(),
                                why));
    }
}
