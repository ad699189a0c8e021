// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shapes without parts, numbers apart. Immutable. */
final class ScalarShapes {

    private ScalarShapes() {}

    /** Yes or no. */
    record Flag() implements Shape {
        @Override
        public Object read(String path, Object json) {
            if (json instanceof Boolean) {
                return json;
            }
            throw Shape.unfit(path, json, "true or false");
        }

        @Override
        public Object write(String path, Object value) {
            return value;
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            return type("boolean");
        }
    }

    /** A text; its length is counted in code points. */
    record Text(Bounds length) implements Shape {
        @Override
        public Object read(String path, Object json) {
            if (json instanceof String text
                    && length.admit(text.codePointCount(0, text.length()))) {
                return text;
            }
            throw Shape.unfit(
                    path,
                    json,
                    length.isNone() ? "a text" : "a text of " + length.text() + " characters");
        }

        @Override
        public Object write(String path, Object value) {
            boolean unicode =
                    ((String) value)
                            .codePoints()
                            .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
            if (!unicode) {
                throw Shape.unwritable(path, "must be Unicode, has half a surrogate pair");
            }
            return value;
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            Map<String, Object> schema = type("string");
            length.describe(schema, "minLength", "maxLength");
            return schema;
        }
    }

    /** One constant of an enum, by its name. */
    record Choice(Map<String, Object> constants) implements Shape {
        static Choice of(Class<?> type) {
            Map<String, Object> constants = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), constant);
            }
            return new Choice(constants);
        }

        @Override
        public Object read(String path, Object json) {
            Object constant = json instanceof String name ? constants.get(name) : null;
            if (constant == null) {
                throw Shape.unfit(path, json, "one of " + String.join(", ", constants.keySet()));
            }
            return constant;
        }

        @Override
        public Object write(String path, Object value) {
            return ((Enum<?>) value).name();
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("enum", List.copyOf(constants.keySet()));
            return schema;
        }
    }

    /**
     * A value with a text form.
     *
     * @param range for people
     * @param format keyword of JSON Schema and its value
     */
    record Parsed(
            String range,
            Map.Entry<String, String> format,
            Function<String, Object> parse,
            Function<Object, String> print)
            implements Shape {
        @Override
        public Object read(String path, Object json) {
            if (json instanceof String text) {
                try {
                    return parse.apply(text);
                } catch (IllegalArgumentException | DateTimeException unfit) {
                    throw Shape.unfit(path, json, range);
                }
            }
            throw Shape.unfit(path, json, range);
        }

        @Override
        public Object write(String path, Object value) {
            return print.apply(value);
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            Map<String, Object> schema = type("string");
            schema.put(format.getKey(), format.getValue());
            return schema;
        }
    }

    /** Any JSON value but null. */
    record Anything() implements Shape {
        @Override
        public Object read(String path, Object json) {
            return json;
        }

        @Override
        public Object write(String path, Object value) {
            return value;
        }

        @Override
        public Map<String, Object> schema(boolean written) {
            return new LinkedHashMap<>();
        }
    }

    /** The shape of a class with a text form; null: it has none. */
    static @Nullable Parsed parsed(Class<?> type) {
        if (type == UUID.class) {
            return new Parsed(
                    "a UUID", Map.entry("format", "uuid"), UUID::fromString, Object::toString);
        }
        if (type == Instant.class) {
            return new Parsed(
                    "an instant such as 2030-01-31T08:00:00Z",
                    Map.entry("format", "date-time"),
                    Instant::parse,
                    Object::toString);
        }
        if (type == Duration.class) {
            return new Parsed(
                    "a duration such as PT1.5S",
                    Map.entry("format", "duration"),
                    Duration::parse,
                    Object::toString);
        }
        if (type == URI.class) {
            return new Parsed(
                    "an address such as https://example.org/",
                    Map.entry("format", "uri-reference"),
                    URI::create,
                    Object::toString);
        }
        if (type == byte[].class) {
            return new Parsed(
                    "Base64 text",
                    Map.entry("contentEncoding", "base64"),
                    Base64.getDecoder()::decode,
                    bytes -> Base64.getEncoder().encodeToString((byte[]) bytes));
        }
        return null;
    }

    static Map<String, Object> type(String name) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", name);
        return schema;
    }
}
